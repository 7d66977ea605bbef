// SPDX-License-Identifier: Apache-2.0
/*
 * What is preserved, and what it costs to find it again. Measurements are lines,
 * "figure subject value".
 *
 * usage: preserve grow FILE FROM TO		give a file memory, in GiB
 *        preserve populate DIRECTORY COUNT	create files
 *        preserve find ROUNDS SUBJECT OPTIONS DIRECTORY FILE	as mount -o takes them
 */
#define _GNU_SOURCE
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure.h"

#define LARGE		(2 * MIB)
#define IN_A_DIRECTORY	1000

static void grow(const char *path, long from, long to)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	if (fd < 0)
		fail("open", path);
	if (fallocate(fd, 0, from * GIB, (to - from) * GIB))
		fail("fallocate", path);
	close(fd);
}

static void populate(const char *directory, int count)
{
	char path[PATH_MAX];
	int i, fd;

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%d", directory, i / IN_A_DIRECTORY);
		if (i % IN_A_DIRECTORY == 0 && mkdir(path, 0700))
			fail("mkdir", path);
		snprintf(path, sizeof(path), "%s/%d/%d", directory, i / IN_A_DIRECTORY, i);
		fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0)
			fail("open", path);
		close(fd);
	}
}

static void tell(const char *figure, const char *subject, double value)
{
	printf("%s %s %.3f\n", figure, subject, value);
}

/* Mount the region, map the file and look at both its ends; then unmount. */
static void find(const char *subject, const char *options, const char *directory,
		 const char *path, int touch)
{
	double start, mounted, found;
	struct stat status;
	off_t position;
	char *at = NULL;
	long memory;
	int fd;

	memory = free_memory();
	start = now();
	if (mount("none", directory, "holdfast", 0, options))
		fail("mount", directory);
	mounted = now();
	fd = open(path, O_RDWR);
	if (fd < 0 || fstat(fd, &status))
		fail("open", path);
	if (status.st_size) {
		at = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (at == MAP_FAILED)
			fail("mmap", path);
		(void)*(volatile char *)at;
		(void)*(volatile char *)(at + status.st_size - 1);
	}
	found = now();
	tell("mount", subject, mounted - start);
	tell("find", subject, found - mounted);
	if (touch) {
		tell("mount-memory", subject, memory - free_memory());
		for (position = 0; position < status.st_size; position += LARGE)
			(void)*(volatile char *)(at + position);
		tell("mapped-memory", subject, memory - free_memory());
	}
	if (status.st_size && munmap(at, status.st_size))
		fail("munmap", path);
	close(fd);
	start = now();
	if (umount(directory))
		fail("umount", directory);
	tell("ready", subject, now() - start);
}

int main(int count, char **words)
{
	int round;

	if (count == 5 && !strcmp(words[1], "grow"))
		grow(words[2], atol(words[3]), atol(words[4]));
	else if (count == 4 && !strcmp(words[1], "populate"))
		populate(words[2], atoi(words[3]));
	else if (count == 7 && !strcmp(words[1], "find"))
		for (round = atoi(words[2]); round > 0; round--)
			find(words[3], words[4], words[5], words[6], round == 1);
	else
		error(2, 0, "usage: preserve grow|populate|find ...");
	return 0;
}
