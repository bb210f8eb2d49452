/* SPDX-License-Identifier: Apache-2.0
 *
 * cmocka.h needs these four before it, in any order; every test includes this file instead.
 */
#ifndef PORTSCOPE_TESTS_UNIT_H
#define PORTSCOPE_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
