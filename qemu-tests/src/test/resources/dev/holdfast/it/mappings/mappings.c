// SPDX-License-Identifier: Apache-2.0
/*
 * What a process can do to a mapping of a file, well-meaning or not: one line
 * for each case, "name: what happened". Each case runs in a process of its own,
 * on a file of its own.
 *
 * usage: mappings DIRECTORY small|giant [nobody]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/userfaultfd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holdfast.h"

#define KIB	1024UL
#define MIB	(1024 * KIB)
#define GIB	(1024 * MIB)
#define PAGE	(4 * KIB)
#define LARGE	(2 * MIB)
#define SIZE	(16 * MIB)
#define AROUND	16

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE		25
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

static const char *directory;
static char path[256];
static sigjmp_buf back;
static volatile sig_atomic_t caught;

static void fail(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static const char *name_of(int error)
{
	return error ? strerrorname_np(error) : "ok";
}

/* How a call ended, by the name of its errno. */
static const char *ended(long result)
{
	return result == -1 ? name_of(errno) : "ok";
}

static void on_signal(int number)
{
	caught = number;
	siglongjmp(back, 1);
}

/* What a read of one byte gives: "SIGSEGV", "SIGBUS", or the number. */
static const char *peek(const volatile char *at)
{
	static char text[4][16];
	static unsigned int next;
	char *out = text[next++ % 4];

	if (sigsetjmp(back, 1))
		return caught == SIGBUS ? "SIGBUS" : "SIGSEGV";
	sprintf(out, "%d", *at);
	return out;
}

static const char *poke(volatile char *at, char value)
{
	if (sigsetjmp(back, 1))
		return caught == SIGBUS ? "SIGBUS" : "SIGSEGV";
	*at = value;
	return "ok";
}

static int open_file(unsigned long size)
{
	int fd = open(path, O_RDWR | O_CREAT, 0666);

	if (fd < 0 || ftruncate(fd, size))
		fail(path);
	return fd;
}

static char *map_flags(int fd, unsigned long size, int protection, int flags)
{
	char *at = mmap(NULL, size, protection, flags, fd, 0);

	if (at == MAP_FAILED)
		fail("mmap");
	return at;
}

static char *map(int fd, unsigned long size)
{
	return map_flags(fd, size, PROT_READ | PROT_WRITE, MAP_SHARED);
}

static char *map_new(unsigned long size)
{
	return map(open_file(size), size);
}

/* A number in every page, so that each tells where it belongs. */
static char mark(unsigned long offset)
{
	return 1 + offset / PAGE % 100;
}

static void fill(char *at, unsigned long size)
{
	unsigned long offset;

	for (offset = 0; offset < size; offset += PAGE)
		at[offset] = mark(offset);
}

static const char *check(const char *at, unsigned long size)
{
	unsigned long offset;

	for (offset = 0; offset < size; offset += PAGE)
		if (at[offset] != mark(offset))
			return "wrong";
	return "right";
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static long table_kib(void)
{
	char line[128];
	FILE *status = fopen("/proc/self/status", "r");
	long kib = -1;

	while (status && fgets(line, sizeof(line), status))
		sscanf(line, "VmPTE: %ld", &kib);
	if (status)
		fclose(status);
	return kib;
}

/* Both the faults and the page tables must say the same. */
static void tell_pages(char *at, unsigned long size)
{
	static const struct {
		const char *name;
		unsigned long size;
		unsigned long step;
	} kinds[] = {
		{ "4K one by one", PAGE, PAGE },
		{ "4K", PAGE, AROUND * PAGE },
		{ "2M", LARGE, LARGE },
		{ "1G", GIB, GIB },
	};
	long before_kib = table_kib(), before = faults(), count, kib;
	unsigned long offset, i;

	for (offset = 0; offset < size; offset += PAGE)
		((volatile char *)at)[offset] = mark(offset);
	count = faults() - before;
	kib = table_kib() - before_kib;
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		long wanted = size / kinds[i].step;
		long tables = kinds[i].size == PAGE ? size / LARGE * 4 : 0;

		/* The program itself faults too, and tables have tables. */
		if (count >= wanted && count <= wanted + 4 && kib >= tables &&
		    kib <= tables + 12) {
			printf("%s\n", kinds[i].name);
			return;
		}
	}
	printf("%ld faults, %ld KiB of page tables\n", count, kib);
}

static const char *set_page_size(int fd, unsigned long size)
{
	struct holdfast_page_size_args args = {
		.size = sizeof(args),
		.flags = HOLDFAST_PAGE_SIZE_SET,
		.chosen = size,
	};

	return ended(ioctl(fd, HOLDFAST_IOC_PAGE_SIZE, &args));
}

static unsigned long used_page_size(int fd)
{
	struct holdfast_page_size_args args = { .size = sizeof(args) };

	if (ioctl(fd, HOLDFAST_IOC_PAGE_SIZE, &args))
		fail("ioctl");
	return args.used;
}

/* Reads all that the kernel tells of this process's memory. */
static void tell_proc(void)
{
	static const char *const files[] = {
		"/proc/self/maps", "/proc/self/smaps", "/proc/self/smaps_rollup",
		"/proc/self/pagemap",
	};
	static char buffer[64 * KIB];
	unsigned long i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int fd = open(files[i], O_RDONLY);
		long total = 0, got;

		while (total < (long)MIB && (got = read(fd, buffer, sizeof(buffer))) > 0)
			total += got;
		close(fd);
	}
	i = open("/proc/self/clear_refs", O_WRONLY);
	printf("%s\n", write(i, "1", 1) == 1 ? "read, cleared" : "not cleared");
}

static void pages_by_default(void)
{
	tell_pages(map_new(SIZE), SIZE);
}

/* Where no hole has to be filled, one fault maps the neighbours too. */
static void pages_filled(void)
{
	int fd = open_file(SIZE);

	printf("%s, ", set_page_size(fd, PAGE));
	if (posix_fallocate(fd, 0, SIZE))
		fail("fallocate");
	tell_pages(map(fd, SIZE), SIZE);
}

static void pages_chosen_small(void)
{
	int fd = open_file(SIZE);

	printf("%s, ", set_page_size(fd, PAGE));
	tell_pages(map(fd, SIZE), SIZE);
}

static void pages_chosen_large(void)
{
	int fd = open_file(SIZE);

	printf("%s, ", set_page_size(fd, LARGE));
	tell_pages(map(fd, SIZE), SIZE);
}

static void pages_chosen_giant(void)
{
	int fd = open_file(SIZE);

	printf("%s\n", set_page_size(fd, GIB));
}

static void pages_chosen_oddly(void)
{
	int fd = open_file(SIZE);

	printf("%s\n", set_page_size(fd, 64 * KIB));
}

/* What others own can be looked at but not set. */
static void pages_of_others(void)
{
	char others[300];
	int fd;

	sprintf(others, "%s/others", directory);
	fd = open(others, O_RDONLY);
	printf("%s\n", set_page_size(fd, PAGE));
}

/* At an address where no huge page fits, the file is mapped all the same. */
static void pages_misplaced(void)
{
	int fd = open_file(SIZE);
	char *room = mmap(NULL, SIZE + 2 * LARGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *at = (char *)(((unsigned long)room + LARGE) & ~(LARGE - 1)) + PAGE;

	at = mmap(at, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	tell_pages(at, SIZE);
}

static void forked(void)
{
	char *at = map_new(SIZE);
	int status;

	fill(at, SIZE);
	if (!fork()) {
		at[PAGE] = 111;
		_exit(strcmp(check(at + LARGE, LARGE), "right"));
	}
	wait(&status);
	printf("child %d, parent %s\n", WEXITSTATUS(status), peek(at + PAGE));
}

static void private_copy(void)
{
	int fd = open_file(SIZE), status;
	char *shared = map(fd, SIZE), byte;
	char *own = map_flags(fd, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	fill(shared, SIZE);
	printf("reads %s, ", check(own, SIZE));
	own[0] = 77;
	own[LARGE] = 78;
	pread(fd, &byte, 1, 0);
	shared[PAGE] = 50;
	printf("file %d, own %d, follows %d, ", byte, own[0], own[PAGE]);
	if (!fork()) {
		own[0] = 99;
		own[2 * LARGE] = 98;
		_exit(own[LARGE]);
	}
	wait(&status);
	printf("child %d, own %d, %s, ", WEXITSTATUS(status), own[0],
	       own[2 * LARGE] == mark(2 * LARGE) ? "apart" : "mixed");
	printf("%s ", ended(madvise(own, PAGE, MADV_DONTNEED)));
	printf("%d\n", own[0]);
}

static void private_truncated(void)
{
	int fd = open_file(SIZE);
	char *own = map_flags(fd, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	own[0] = 5;
	own[LARGE + PAGE] = 6;
	ftruncate(fd, LARGE);
	printf("%s %s\n", peek(own), peek(own + LARGE + PAGE));
}

static void read_only(void)
{
	char *at;
	int fd;

	fill(map_new(SIZE), SIZE);
	fd = open(path, O_RDONLY);
	at = map_flags(fd, SIZE, PROT_READ, MAP_SHARED);
	printf("%s, write %s, mprotect %s, mmap %s\n", check(at, SIZE),
	       poke(at, 1), ended(mprotect(at, SIZE, PROT_READ | PROT_WRITE)),
	       ended((long)mmap(NULL, SIZE, PROT_WRITE, MAP_SHARED, fd, 0)));
}

static void moved(void)
{
	char *at = map_new(SIZE), *to;

	fill(at, SIZE);
	to = mremap(at, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED,
		    map_flags(-1, SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS));
	printf("%s, old %s %s\n", check(to, SIZE), peek(at), peek(at + LARGE));
}

static void moved_in_part(void)
{
	char *at = map_new(SIZE), *to;

	fill(at, SIZE);
	to = mremap(at + LARGE + PAGE, LARGE, LARGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		    map_flags(-1, LARGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS));
	printf("%s, old %s, around %s\n",
	       to[0] == mark(LARGE + PAGE) ? "right" : "wrong",
	       peek(at + LARGE + PAGE), check(at, LARGE + PAGE));
}

static void resized(void)
{
	char *at = map_new(SIZE);

	fill(at, SIZE);
	printf("grow %s, ", ended((long)mremap(at, SIZE, 2 * SIZE, MREMAP_MAYMOVE)));
	printf("double %s, ", ended((long)mremap(at, 0, SIZE, MREMAP_MAYMOVE)));
	printf("keep %s, ", ended((long)mremap(at, SIZE, SIZE,
					       MREMAP_MAYMOVE | MREMAP_DONTUNMAP)));
	printf("shrink %s, ", ended((long)mremap(at, SIZE, LARGE + PAGE, 0)));
	printf("%s, rest %s\n", check(at, LARGE + PAGE), peek(at + LARGE + PAGE));
}

static void protected_in_part(void)
{
	char *at = map_new(SIZE);

	fill(at, SIZE);
	printf("%s, ", ended(mprotect(at + LARGE + PAGE, PAGE, PROT_READ)));
	printf("write %s, beside %s, ", poke(at + LARGE + PAGE, 1),
	       poke(at + LARGE, mark(LARGE)));
	printf("%s, ", ended(mprotect(at, SIZE, PROT_NONE)));
	printf("read %s, ", peek(at));
	printf("%s, ", ended(mprotect(at, SIZE, PROT_READ | PROT_WRITE)));
	printf("%s, write %s\n", check(at, SIZE), poke(at, 1));
}

static void unmapped_in_part(void)
{
	char *at = map_new(SIZE);

	fill(at, SIZE);
	printf("%s, ", ended(munmap(at + LARGE + PAGE, PAGE)));
	printf("read %s, beside %s %s\n", peek(at + LARGE + PAGE),
	       check(at, LARGE + PAGE),
	       at[LARGE + 2 * PAGE] == mark(LARGE + 2 * PAGE) ? "right" : "wrong");
}

static void advised(void)
{
	static const struct {
		const char *name;
		int advice;
	} all[] = {
		{ "NORMAL", MADV_NORMAL },
		{ "WILLNEED", MADV_WILLNEED },
		{ "DONTNEED", MADV_DONTNEED },
		{ "FREE", MADV_FREE },
		{ "COLD", MADV_COLD },
		{ "PAGEOUT", MADV_PAGEOUT },
		{ "POPULATE", MADV_POPULATE_WRITE },
		{ "COLLAPSE", MADV_COLLAPSE },
		{ "HUGEPAGE", MADV_HUGEPAGE },
		{ "MERGEABLE", MADV_MERGEABLE },
		{ "DONTFORK", MADV_DONTFORK },
		{ "DONTDUMP", MADV_DONTDUMP },
		{ "DODUMP", MADV_DODUMP },
		{ "WIPEONFORK", MADV_WIPEONFORK },
		{ "HWPOISON", MADV_HWPOISON },
	};
	char *at = map_new(SIZE);
	unsigned long i;

	fill(at, SIZE);
	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		printf("%s %s, ", all[i].name, ended(madvise(at, SIZE, all[i].advice)));
	printf("%s\n", check(at, SIZE));
}

static void locked(void)
{
	static unsigned char resident[SIZE / PAGE];
	char *at = map_new(SIZE);

	fill(at, SIZE);
	printf("%s %s %s %s\n", ended(mlock(at, 64 * KIB)), ended(munlock(at, 64 * KIB)),
	       ended(msync(at, SIZE, MS_SYNC)), ended(mincore(at, SIZE, resident)));
}

static void populated(void)
{
	int fd = open_file(SIZE);

	tell_pages(map_flags(fd, SIZE, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_POPULATE), SIZE);
}

static void mapped_oddly(void)
{
	int fd = open_file(SIZE);

	printf("SYNC %s, ", ended((long)mmap(NULL, SIZE, PROT_READ,
		MAP_SHARED_VALIDATE | 0x80000, fd, 0)));
	printf("HUGETLB %s, ", ended((long)mmap(NULL, SIZE, PROT_READ,
		MAP_SHARED | MAP_HUGETLB, fd, 0)));
	printf("beyond the end %s\n", peek(mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd,
						SIZE)));
}

/* A process that another one looks into. */
static pid_t tracee(char *at)
{
	pid_t child = fork();
	int status;

	if (!child) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(at[0]);
	}
	waitpid(child, &status, 0);
	return child;
}

static void debugged(void)
{
	char *at = map_new(SIZE), word[8], name[64];
	int fd = open(path, O_RDONLY), mem;
	char *seen = map_flags(fd, SIZE, PROT_READ, MAP_SHARED);
	char *own = map_flags(fd, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	pid_t child;
	long got;

	fill(at, SIZE);
	own[PAGE] = 33;
	child = tracee(at);
	got = ptrace(PTRACE_PEEKDATA, child, at + LARGE, 0);
	printf("peek %s, ", (char)got == mark(LARGE) ? "right" : "wrong");
	printf("poke %s, ", ended(ptrace(PTRACE_POKEDATA, child, at, 42L)));
	printf("file %d, ", at[0]);
	printf("read-only %s, ", ended(ptrace(PTRACE_POKEDATA, child, seen, 43L)));
	printf("private %s, ", ended(ptrace(PTRACE_POKEDATA, child, own, 44L)));
	printf("file %d, ", at[0]);
	sprintf(name, "/proc/%d/mem", child);
	mem = open(name, O_RDWR);
	got = pread(mem, word, 8, (long)(at + 2 * LARGE - 4));
	printf("mem %ld %s, ", got, word[4] == mark(2 * LARGE) ? "right" : "wrong");
	pread(mem, word, 1, (long)(own + PAGE));
	printf("own %d, ", word[0]);
	printf("write %s ", ended(pwrite(mem, "x", 1, (long)(at + LARGE))));
	printf("%c, ", at[LARGE]);
	ftruncate(open(path, O_RDWR), LARGE);
	printf("gone %s\n", ended(pread(mem, word, 8, (long)(at + LARGE))));
	ptrace(PTRACE_KILL, child, 0, 0);
	wait(NULL);
}

static void dumped(void)
{
	char core[64], *at = map_new(SIZE), head[18];
	struct rlimit most = { RLIM_INFINITY, RLIM_INFINITY };
	struct stat status;
	pid_t child;
	int fd, end;

	fill(at, SIZE);
	child = fork();
	if (!child) {
		setrlimit(RLIMIT_CORE, &most);
		prctl(PR_SET_DUMPABLE, 1);
		signal(SIGABRT, SIG_DFL);
		abort();
	}
	waitpid(child, &end, 0);
	sprintf(core, "/tmp/core.%d", child);
	fd = open(core, O_RDONLY);
	if (fd < 0 || fstat(fd, &status) || read(fd, head, 18) != 18)
		fail(core);
	unlink(core);
	printf("%s, %s\n", WCOREDUMP(end) && head[16] == 4 ? "a core" : "none",
	       status.st_size < (long)SIZE ? "without the file" : "with the file");
}

/* Those who want struct pages must not get something else. */
static void pinned(void)
{
	char *at = map_new(SIZE), *ordinary = malloc(PAGE);
	struct iovec iov = { at, PAGE }, to = { ordinary, PAGE };
	char device[300];
	int pipe_ends[2], fd;

	fill(at, SIZE);
	pipe(pipe_ends);
	printf("vmsplice %s, ", ended(vmsplice(pipe_ends[1], &iov, 1, 0)));
	printf("process_vm_readv %s, ",
	       ended(process_vm_readv(getpid(), &to, 1, &iov, 1, 0)));
	printf("futex %s, ", ended(syscall(SYS_futex, at, FUTEX_WAKE, 1, 0, 0, 0)));
	sprintf(device, "%s/direct", directory);
	fd = open(device, O_RDWR | O_CREAT | O_DIRECT, 0666);
	printf("O_DIRECT %s, ", ended(fd));
	unlink(device);
	printf("pipe %s ", ended(write(pipe_ends[1], at, PAGE)));
	printf("%s\n", ended(read(pipe_ends[0], at + LARGE, PAGE)));
}

/* O_DIRECT from a disk; only root may open it. */
static void read_directly(void)
{
	char *at = map_new(SIZE);
	int fd = open("/dev/vda", O_RDONLY | O_DIRECT);

	printf("%s\n", ended(read(fd, at, PAGE)));
}

static void watched(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	char *at = map_new(SIZE);
	struct uffdio_register range = {
		.range = { (unsigned long)at, SIZE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* UFFD_USER_MODE_ONLY */);

	if (fd >= 0 && ioctl(fd, UFFDIO_API, &api))
		fail("userfaultfd");
	printf("%s\n", ended(fd < 0 ? fd : ioctl(fd, UFFDIO_REGISTER, &range)));
}

static void listed(void)
{
	char *at = map_new(SIZE);

	fill(at, SIZE);
	tell_proc();
}

static void truncated(void)
{
	int fd = open_file(SIZE);
	char *at = map(fd, SIZE);

	fill(at, SIZE);
	ftruncate(fd, LARGE + PAGE);
	printf("%s, %s %s, ", check(at, LARGE + PAGE), peek(at + LARGE + PAGE),
	       peek(at + 2 * LARGE));
	ftruncate(fd, SIZE);
	printf("longer again %s %s\n", peek(at + LARGE + PAGE), peek(at + 2 * LARGE));
}

/* Memory that was given away must not be seen by who had it. */
static void given_away(void)
{
	static char canary[PAGE];
	int fd = open_file(SIZE), other, wrong = 0;
	unsigned long offset;
	char *at = map(fd, SIZE), name[300];

	memset(canary, 0x5a, sizeof(canary));
	fill(at, SIZE);
	ftruncate(fd, 0);
	sprintf(name, "%s/canary", directory);
	other = open(name, O_RDWR | O_CREAT | O_TRUNC, 0666);
	for (offset = 0; offset < 2 * SIZE; offset += PAGE)
		if (write(other, canary, PAGE) != (long)PAGE)
			fail("write");
	for (offset = 0; offset < SIZE; offset += PAGE)
		wrong += strcmp(peek(at + offset), "SIGBUS") != 0;
	unlink(name);
	printf("%d pages seen\n", wrong);
}

static void giant_default(void)
{
	int fd = open_file(GIB);

	printf("%luM ", used_page_size(fd) / MIB);
	tell_pages(map(fd, GIB), GIB);
}

static void giant_chosen(void)
{
	int fd = open_file(GIB);

	printf("%s ", set_page_size(fd, GIB));
	tell_pages(map(fd, GIB), GIB);
}

/* What the administrator has set so is for all who may map it. */
static int open_trusted(void)
{
	sprintf(path, "%s/trusted", directory);
	return open_file(GIB);
}

static void make_trusted(void)
{
	int fd;

	sprintf(path, "%s/trusted", directory);
	unlink(path);
	fd = open_trusted();
	if (fchmod(fd, 0666) || strcmp(set_page_size(fd, GIB), "ok"))
		fail(path);
}

static char *map_trusted(void)
{
	return map(open_trusted(), GIB);
}

static void giant_trusted(void)
{
	tell_pages(map_trusted(), GIB);
}

static void giant_taken_apart(void)
{
	char *at = map_trusted();
	char *room = map_flags(-1, GIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS);

	fill(at, GIB);
	printf("munmap %s, ", ended(munmap(at + LARGE, LARGE)));
	printf("mprotect %s, ", ended(mprotect(at + LARGE, PAGE, PROT_READ)));
	printf("madvise %s, ", ended(madvise(at, GIB / 2, MADV_DONTFORK)));
	printf("mlock %s, ", ended(mlock(at, 64 * KIB)));
	printf("shrink %s, ", ended((long)mremap(at, GIB, GIB / 2, 0)));
	printf("move a part %s, ", ended((long)mremap(at, GIB / 2, GIB / 2,
		MREMAP_MAYMOVE | MREMAP_FIXED, room)));
	printf("map over %s, ", ended((long)mmap(at + LARGE, LARGE, PROT_READ,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)) );
	printf("%s\n", check(at, GIB));
}

static void giant_protected(void)
{
	char *at = map_trusted();

	fill(at, GIB);
	printf("%s ", ended(mprotect(at, GIB, PROT_READ)));
	printf("%s %s, ", poke(at + LARGE, 1), check(at, GIB));
	printf("%s ", ended(mprotect(at, GIB, PROT_NONE)));
	printf("%s, ", peek(at));
	printf("%s ", ended(mprotect(at, GIB, PROT_READ | PROT_WRITE)));
	printf("%s %s\n", poke(at + LARGE, mark(LARGE)), check(at, GIB));
}

/* Twenty times, to any place: the old one must never be readable again. */
static void giant_moved(void)
{
	char *room = map_flags(-1, 3 * GIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS);
	char *first = (char *)(((unsigned long)room + GIB - 1) & ~(GIB - 1));
	char *places[] = { first, first + LARGE, first + PAGE };
	int stale = 0, lost = 0, round;
	char *at;

	for (round = 0; round < 20; round++) {
		char *to;

		at = map_trusted();
		fill(at, GIB);
		to = mremap(at, GIB, GIB, MREMAP_MAYMOVE | MREMAP_FIXED,
			    places[round % 3]);
		if (to == MAP_FAILED)
			fail("mremap");
		stale += strcmp(peek(at + round * PAGE), "SIGSEGV") != 0;
		stale += strcmp(peek(at + GIB - PAGE), "SIGSEGV") != 0;
		lost += to[round * LARGE] != mark(round * LARGE);
		if (round % 2)
			munmap(to, GIB);
		else
			mmap(to, GIB, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	}
	printf("%d stale, %d lost\n", stale, lost);
}

static void giant_forked(void)
{
	char *at = map_trusted();
	int status;

	fill(at, GIB);
	if (!fork()) {
		bool right = !strcmp(check(at, GIB), "right");

		at[PAGE] = 111;
		_exit(right ? 0 : 1);
	}
	wait(&status);
	printf("child %d, parent %s\n", WEXITSTATUS(status), peek(at + PAGE));
	at[PAGE] = mark(PAGE);
}

static void giant_listed(void)
{
	char *at = map_trusted();

	fill(at, GIB);
	tell_proc();
}

static void giant_debugged(void)
{
	char *at = map_trusted();
	pid_t child;
	long got;

	fill(at, GIB);
	child = tracee(at);
	got = ptrace(PTRACE_PEEKDATA, child, at + LARGE, 0);
	printf("peek %s, ", (char)got == mark(LARGE) ? "right" : "wrong");
	printf("poke %s\n", ended(ptrace(PTRACE_POKEDATA, child, at + LARGE, got)));
	ptrace(PTRACE_KILL, child, 0, 0);
	wait(NULL);
}

static void giant_pinned(void)
{
	char *at = map_trusted(), *ordinary = malloc(PAGE);
	struct iovec iov = { at, PAGE }, to = { ordinary, PAGE };
	int pipe_ends[2];

	fill(at, GIB);
	pipe(pipe_ends);
	printf("vmsplice %s, ", ended(vmsplice(pipe_ends[1], &iov, 1, 0)));
	printf("process_vm_readv %s, ",
	       ended(process_vm_readv(getpid(), &to, 1, &iov, 1, 0)));
	printf("futex %s\n", ended(syscall(SYS_futex, at, FUTEX_WAKE, 1, 0, 0, 0)));
}

/* The rest of the page of 1G stays readable, what was given back does not. */
static void giant_truncated(void)
{
	char *at = map_trusted();
	int fd = open(path, O_RDWR);

	fill(at, GIB);
	ftruncate(fd, GIB / 2 + PAGE);
	printf("%s, %s %s, ", check(at, GIB / 2 + PAGE), peek(at + GIB / 2 + PAGE),
	       peek(at + GIB - PAGE));
	ftruncate(fd, GIB);
	printf("longer again %s %s\n", peek(at + GIB / 2 + PAGE), peek(at + GIB - PAGE));
}

struct test {
	const char *name;
	void (*run)(void);
};

static const struct test small[] = {
	{ "pages by default", pages_by_default },
	{ "4K chosen", pages_chosen_small },
	{ "4K filled", pages_filled },
	{ "2M chosen", pages_chosen_large },
	{ "1G chosen", pages_chosen_giant },
	{ "64K chosen", pages_chosen_oddly },
	{ "chosen for others", pages_of_others },
	{ "misplaced", pages_misplaced },
	{ "fork", forked },
	{ "private", private_copy },
	{ "private truncated", private_truncated },
	{ "read-only", read_only },
	{ "mremap", moved },
	{ "mremap of a part", moved_in_part },
	{ "mremap to a size", resized },
	{ "mprotect of a part", protected_in_part },
	{ "munmap of a part", unmapped_in_part },
	{ "madvise", advised },
	{ "mlock, munlock, msync, mincore", locked },
	{ "MAP_POPULATE", populated },
	{ "odd mmap", mapped_oddly },
	{ "ptrace", debugged },
	{ "core dump", dumped },
	{ "struct pages", pinned },
	{ "O_DIRECT", read_directly },
	{ "userfaultfd", watched },
	{ "proc", listed },
	{ "truncate", truncated },
	{ "given away", given_away },
	{}
};

static const struct test giant[] = {
	{ "pages by default", giant_default },
	{ "1G chosen", giant_chosen },
	{ "1G trusted", giant_trusted },
	{ "taken apart", giant_taken_apart },
	{ "mprotect", giant_protected },
	{ "mremap", giant_moved },
	{ "fork", giant_forked },
	{ "proc", giant_listed },
	{ "ptrace", giant_debugged },
	{ "struct pages", giant_pinned },
	{ "truncate", giant_truncated },
	{}
};

static void run(const struct test *test)
{
	struct sigaction action = { .sa_handler = on_signal };
	int status;
	pid_t child;

	sprintf(path, "%s/file", directory);
	unlink(path);
	printf("%s: ", test->name);
	fflush(stdout);
	child = fork();
	if (!child) {
		sigaction(SIGSEGV, &action, NULL);
		sigaction(SIGBUS, &action, NULL);
		test->run();
		exit(0);
	}
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		printf("killed by %s\n", strsignal(WTERMSIG(status)));
}

int main(int count, char **words)
{
	const struct test *test;

	if (count < 3)
		return 2;
	directory = words[1];
	test = strcmp(words[2], "giant") ? small : giant;
	if (test == giant)
		make_trusted();
	if (count > 3 && (setgid(65534) || setuid(65534)))
		fail("setuid");
	/* Who has changed its user must allow anew to be looked into. */
	prctl(PR_SET_DUMPABLE, 1);
	for (; test->name; test++)
		run(test);
	return 0;
}
