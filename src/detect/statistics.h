/* SPDX-License-Identifier: Apache-2.0
 *
 * Statistics that a few wild values cannot bend.
 */
#ifndef PORTSCOPE_DETECT_STATISTICS_H
#define PORTSCOPE_DETECT_STATISTICS_H

#include <stddef.h>

/* Sorts in place. */
void numbers_sort(double *numbers, size_t count);

/* Of sorted numbers; 0 of none. */
double sorted_median(const double *sorted, size_t count);
/* Medians of the lower and the upper half, the middle left out. */
void sorted_quartiles(const double *sorted, size_t count, double *first, double *third);

/* Median of the distances from `center`. `spare` has room for `count` numbers. */
double median_distance(const double *numbers, size_t count, double center, double *spare);
double mean_distance(const double *numbers, size_t count, double center);

#endif
