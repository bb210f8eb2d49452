/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_DETECT_FILTERS_H
#define PORTSCOPE_DETECT_FILTERS_H

#include "detect/detector.h"

/* Writes the finding's filters for Wireshark and libpcap that show the subject's packets. */
void filters_write(const struct subject *subject, struct finding *finding);

#endif
