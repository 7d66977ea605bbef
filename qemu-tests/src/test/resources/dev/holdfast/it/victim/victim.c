// SPDX-License-Identifier: Apache-2.0
/*
 * victim FILE [PAGE | pin]: maps a file and waits until it is told of a memory
 * error in it, or by SIGUSR1 that there was one; or makes one itself, in that page;
 * or it holds the first page pinned. Then it looks which pages fail, and what else
 * becomes of them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096

static sigjmp_buf back;
static volatile int code;

static void on_signal(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	code = info->si_code;
	siglongjmp(back, 1);
}

static const char *name_of(int si_code)
{
	return si_code == BUS_MCEERR_AO ? "BUS_MCEERR_AO" :
	       si_code == BUS_MCEERR_AR ? "BUS_MCEERR_AR" : "another code";
}

/* How reading a page ends: a code of SIGBUS, or 0. */
static int touch(volatile char *page)
{
	code = 0;
	if (!sigsetjmp(back, 1))
		(void)*page;
	return code;
}

static int pin(volatile char *page)
{
	struct iovec iov = { .iov_base = (void *)page, .iov_len = PAGE };
	int ends[2];

	return pipe(ends) || vmsplice(ends[1], &iov, 1, 0) != PAGE ? -1 : 0;
}

static void wait_for_signal(volatile char *at)
{
	siginfo_t told;
	sigset_t set;
	long page;

	sigemptyset(&set);
	sigaddset(&set, SIGBUS);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	printf("mapped\n");
	fflush(stdout);
	if (sigwaitinfo(&set, &told) == SIGBUS) {
		page = ((volatile char *)told.si_addr - at) / PAGE;
		printf("told: %s, page %ld\n", name_of(told.si_code), page);
	} else {
		page = -1;
		printf("told: nothing\n");
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* The page goes out of the mapping soon after. */
	while (page >= 0 && !touch(at + page * PAGE))
		usleep(1000);
}

int main(int count, char **words)
{
	struct sigaction action = {
		.sa_sigaction = on_signal,
		.sa_flags = SA_SIGINFO,
	};
	volatile char *at, *bad = NULL;
	struct stat status;
	char byte;
	int fd;

	fd = count >= 2 ? open(words[1], O_RDWR) : -1;
	if (fd < 0 || fstat(fd, &status))
		return 2;
	at = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return 3;
	/* As virtual machine monitors do: else who does not touch it is not told. */
	if (prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0))
		return 5;
	for (long i = 0; i < status.st_size; i += PAGE)
		at[i]++;
	sigaction(SIGBUS, &action, NULL);
	if (count > 2 && !strcmp(words[2], "pin") && pin(at))
		return 7;
	if (count > 2 && strcmp(words[2], "pin"))
		printf("madvise: %s\n", madvise((void *)(at + atol(words[2]) * PAGE),
						PAGE, MADV_HWPOISON) ?
					strerrorname_np(errno) : "ok");
	else
		wait_for_signal(at);
	for (volatile char *page = at; page < at + status.st_size; page += PAGE)
		if (touch(page)) {
			printf("then: %s, page %ld\n", name_of(code),
			       (page - at) / PAGE);
			bad = page;
		}
	if (!bad)
		return 6;
	printf("around: %d %d\n", bad[-PAGE], bad[PAGE]);
	fflush(stdout);
	printf("read: %s\n", pread(fd, &byte, 1, bad - at) < 0 ?
			     strerrorname_np(errno) : "ok");
	printf("write: %s\n", pwrite(fd, "", 1, bad - at) < 0 ?
			      strerrorname_np(errno) : "ok");
	printf("punch: %s\n", fallocate(fd, FALLOC_FL_PUNCH_HOLE |
					FALLOC_FL_KEEP_SIZE, bad - at, PAGE) ?
			      strerrorname_np(errno) : "ok");
	printf("again: %d\n", *bad);
	return 0;
}
