// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measure.h"

void fail(const char *what, const char *where)
{
	error(1, errno, "%s: %s", where, what);
}

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

long kibibytes(const char *file, const char *line)
{
	char text[256];
	long value = -1;
	FILE *lines = fopen(file, "r");

	if (!lines)
		fail("open", file);
	while (fgets(text, sizeof(text), lines))
		if (!strncmp(text, line, strlen(line)))
			value = atol(text + strlen(line));
	fclose(lines);
	if (value < 0)
		error(1, 0, "%s: no line %s", file, line);
	return value;
}

static void write_to(const char *file, const char *text)
{
	FILE *out = fopen(file, "w");

	if (!out || fputs(text, out) < 0 || fclose(out))
		fail("write", file);
}

long free_memory(void)
{
	long pages = 0, count;
	char text[256];
	FILE *zones;

	write_to("/proc/sys/vm/drop_caches", "3");
	write_to("/proc/sys/vm/stat_refresh", "1");
	zones = fopen("/proc/zoneinfo", "r");
	if (!zones)
		fail("open", "/proc/zoneinfo");
	while (fgets(text, sizeof(text), zones))
		if (sscanf(text, " pages free %ld", &count) == 1 ||
		    sscanf(text, " count: %ld", &count) == 1)
			pages += count;
	fclose(zones);
	return pages * (PAGE / KIB);
}
