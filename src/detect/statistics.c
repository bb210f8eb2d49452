/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/statistics.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;
    return (*left > *right) - (*left < *right);
}

void numbers_sort(double *numbers, size_t count)
{
    qsort(numbers, count, sizeof *numbers, compare);
}

double sorted_median(const double *sorted, size_t count)
{
    if (count == 0)
        return 0;
    if (count % 2 == 1)
        return sorted[count / 2];
    return (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

void sorted_quartiles(const double *sorted, size_t count, double *first, double *third)
{
    size_t half = count / 2;
    *first = sorted_median(sorted, half);
    *third = sorted_median(sorted + (count - half), half);
}

double median_distance(const double *numbers, size_t count, double center, double *spare)
{
    for (size_t i = 0; i < count; i++)
        spare[i] = fabs(numbers[i] - center);
    numbers_sort(spare, count);
    return sorted_median(spare, count);
}

double mean_distance(const double *numbers, size_t count, double center)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += fabs(numbers[i] - center);
    return count > 0 ? sum / (double)count : 0;
}
