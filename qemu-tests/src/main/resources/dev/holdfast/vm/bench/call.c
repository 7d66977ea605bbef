// SPDX-License-Identifier: Apache-2.0
/*
 * Measures the calls that the library makes, as C makes them. Every
 * measurement is a line, "figure subject value", in ns.
 *
 * usage: call SAMPLES DIRECTORY
 */
#define _GNU_SOURCE
#include <error.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "holdfast.h"
#include "measure.h"

/* So long one sample takes at least, in microseconds: as long as one of JMH. */
#define SAMPLE	5e5
/* The clock is read once for so many. */
#define CALLS	1000

static const char *place;
static int directory;

/* Ask for what the region tells. */
static void region_info(int fd, struct holdfast_region_info *info)
{
	info->size = sizeof(*info);
	if (ioctl(fd, HOLDFAST_IOC_REGION_INFO, info))
		fail("ioctl(HOLDFAST_IOC_REGION_INFO)", place);
}

static void one_ioctl(void)
{
	struct holdfast_region_info info;

	region_info(directory, &info);
}

/* What Region.describe() does. */
static void describe(void)
{
	struct holdfast_region_info info = { 0 };
	struct holdfast_range_args range = { .size = sizeof(range) };
	int fd;

	fd = openat(directory, ".", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("open", place);
	region_info(fd, &info);
	for (range.index = 0; range.index < info.range_count; range.index++) {
		range.region_base = info.region_base;
		if (ioctl(fd, HOLDFAST_IOC_RANGE, &range))
			fail("ioctl(HOLDFAST_IOC_RANGE)", place);
	}
	close(fd);
}

/* The first sample is not told, as JMH tells none of its first ones. */
static void measure(const char *figure, void (*call)(void), int samples)
{
	long calls;
	double start, passed;
	int i, sample;

	for (sample = 0; sample <= samples; sample++) {
		calls = 0;
		start = now();
		do {
			for (i = 0; i < CALLS; i++)
				call();
			calls += CALLS;
			passed = now() - start;
		} while (passed < SAMPLE);
		if (sample)
			printf("%s C %.3f\n", figure, passed * 1000 / calls);
	}
}

int main(int count, char **words)
{
	if (count != 3)
		error(2, 0, "usage: call SAMPLES DIRECTORY");
	place = words[2];
	directory = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		fail("open", place);
	measure("ioctl", one_ioctl, atoi(words[1]));
	measure("describe", describe, atoi(words[1]));
	return 0;
}
