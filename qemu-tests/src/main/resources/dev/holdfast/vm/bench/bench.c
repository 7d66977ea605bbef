// SPDX-License-Identifier: Apache-2.0
/*
 * Measures file systems beside each other: one round of each after the other,
 * several times. Every measurement is a line, "figure subject value".
 *
 * usage: bench COMMAND ROUNDS NAME=PLACE...
 *
 * A place is a directory, or a device that is mapped as it is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"

#define BLOCKS	128
#define NAMES	1000
#define COMMITS	5000

/* No file system knows it. */
#define NO_IOCTL	_IO('?', 0)

struct subject {
	const char *name;
	const char *place;
	bool device;
	bool ordinary;	/* what it keeps lies in ordinary memory */
};

static char block[MIB];

/* The first round is not told: memory of the machine below is new then. */
static bool warm;

static void tell(const char *figure, const struct subject *subject, double value)
{
	if (!warm)
		return;
	printf("%s %s %.3f\n", figure, subject->name, value);
	fflush(stdout);
}

/* The file that is measured, made anew in a directory. */
static int open_file(const struct subject *subject, char *path, int flags)
{
	int fd;

	snprintf(path, PATH_MAX, subject->device ? "%s" : "%s/measured", subject->place);
	if (!subject->device)
		flags |= O_CREAT | O_EXCL;
	fd = open(path, flags, 0600);
	if (fd < 0)
		fail("open", path);
	return fd;
}

static void remove_file(const struct subject *subject, int fd, const char *path)
{
	close(fd);
	if (!subject->device && unlink(path))
		fail("unlink", path);
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Map a file of 1 GiB and write to each page of it for the first time. */
static void touch(const struct subject *subject, const char *figure, bool filled)
{
	char path[PATH_MAX], name[64];
	long tables, count, memory;
	double start;
	char *at;
	size_t i;
	int fd;

	memory = free_memory();
	fd = open_file(subject, path, O_RDWR);
	if (!subject->device && ftruncate(fd, GIB))
		fail("ftruncate", path);
	start = now();
	if (filled && !subject->device && fallocate(fd, 0, 0, GIB))
		fail("fallocate", path);
	if (filled && !subject->device)
		tell("allocate", subject, now() - start);
	at = mmap(NULL, GIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		fail("mmap", path);
	tables = kibibytes("/proc/self/status", "VmPTE:");
	count = faults();
	start = now();
	for (i = 0; i < GIB; i += PAGE)
		*(volatile char *)(at + i) = 1;
	tell(figure, subject, now() - start);
	snprintf(name, sizeof(name), "%s-faults", figure);
	tell(name, subject, faults() - count);
	snprintf(name, sizeof(name), "%s-tables", figure);
	tell(name, subject, kibibytes("/proc/self/status", "VmPTE:") - tables);
	snprintf(name, sizeof(name), "%s-memory", figure);
	memory -= free_memory();
	tell(name, subject, subject->ordinary ? memory - (long)(GIB / KIB) : memory);
	if (munmap(at, GIB))
		fail("munmap", path);
	start = now();
	remove_file(subject, fd, path);
	if (filled && !subject->device)
		tell("free", subject, now() - start);
}

static void touch_filled(const struct subject *subject)
{
	touch(subject, "touch-filled", true);
}

static void touch_fresh(const struct subject *subject)
{
	touch(subject, "touch-fresh", false);
}

static void each_block(const struct subject *subject, const char *figure, int fd,
		       ssize_t (*access)(int, off_t))
{
	double start = now();
	int i;

	for (i = 0; i < BLOCKS; i++)
		if (access(fd, i * MIB) != (ssize_t)MIB)
			fail(figure, subject->place);
	tell(figure, subject, (now() - start) / BLOCKS);
}

static ssize_t write_block(int fd, off_t at)
{
	return pwrite(fd, block, MIB, at);
}

static ssize_t read_block(int fd, off_t at)
{
	return pread(fd, block, MIB, at);
}

/* Write, write again and read a file by blocks of 1 MiB. */
static void blocks(const struct subject *subject)
{
	char path[PATH_MAX];
	int fd = open_file(subject, path, O_RDWR);

	each_block(subject, "write-new", fd, write_block);
	each_block(subject, "write-over", fd, write_block);
	each_block(subject, "read", fd, read_block);
	remove_file(subject, fd, path);
}

/* Create an empty file and remove it. */
static void names(const struct subject *subject)
{
	char path[PATH_MAX];
	double start = now();
	int i;

	for (i = 0; i < NAMES; i++)
		remove_file(subject, open_file(subject, path, O_RDWR), path);
	tell("create-unlink", subject, (now() - start) / NAMES);
}

/* Change one attribute of a file; and make a call that changes nothing. */
static void commits(const struct subject *subject)
{
	char path[PATH_MAX];
	int fd = open_file(subject, path, O_RDWR), i;
	double start = now();

	for (i = 0; i < COMMITS; i++)
		if (fchmod(fd, i & 1 ? 0600 : 0640))
			fail("fchmod", path);
	tell("setattr", subject, (now() - start) / COMMITS);
	start = now();
	for (i = 0; i < COMMITS; i++)
		if (!ioctl(fd, NO_IOCTL) || errno != ENOTTY)
			fail("ioctl", path);
	tell("empty-ioctl", subject, (now() - start) / COMMITS);
	remove_file(subject, fd, path);
}

static const struct command {
	const char *name;
	void (*measure)(const struct subject *subject);
} commands[] = {
	{ "touch-filled", touch_filled },
	{ "touch-fresh", touch_fresh },
	{ "blocks", blocks },
	{ "names", names },
	{ "commits", commits },
};

static struct subject subject_of(char *word)
{
	char *place = strchr(word, '=');
	struct statfs system;
	struct stat status;

	if (!place)
		error(2, 0, "%s: not NAME=PLACE", word);
	*place++ = 0;
	if (stat(place, &status) || statfs(place, &system))
		fail("stat", place);
	return (struct subject) {
		.name = word,
		.place = place,
		.device = S_ISCHR(status.st_mode),
		.ordinary = !S_ISCHR(status.st_mode) && system.f_type == TMPFS_MAGIC,
	};
}

int main(int count, char **words)
{
	struct subject subjects[16];
	size_t i;
	int rounds, round, subject;

	if (count < 4 || count - 3 > 16)
		error(2, 0, "usage: bench COMMAND ROUNDS NAME=PLACE...");
	rounds = atoi(words[2]);
	for (subject = 0; subject < count - 3; subject++)
		subjects[subject] = subject_of(words[3 + subject]);
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(words[1], commands[i].name))
			continue;
		for (round = 0; round <= rounds; round++, warm = true)
			for (subject = 0; subject < count - 3; subject++)
				commands[i].measure(&subjects[subject]);
		return 0;
	}
	error(2, 0, "%s: no such command", words[1]);
}
