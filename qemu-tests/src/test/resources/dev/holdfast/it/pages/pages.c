// SPDX-License-Identifier: Apache-2.0
/*
 * What the kernel does to memory of a file through its struct pages: one line
 * for each case, "name: what happened". Each case runs in a process of its own,
 * on a file of its own.
 *
 * usage: pages DIRECTORY DISK MOUNT-OPTIONS
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/kvm.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define KIB	1024UL
#define MIB	(1024 * KIB)
#define PAGE	(4 * KIB)
#define LARGE	(2 * MIB)
#define SIZE	(16 * MIB)
#define CANARY	0x5a
#define PATIENCE	(30 * 1000 / 20) /* looks, of 20 ms, before something does not come */

static const char *directory, *disk, *options;
static char path[256];
static sigjmp_buf back;
static volatile sig_atomic_t caught;

static void fail(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static const char *ended(long result)
{
	return result == -1 ? strerrorname_np(errno) : "ok";
}

static void on_signal(int number)
{
	caught = number;
	siglongjmp(back, 1);
}

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

static int open_at(const char *name, unsigned long size)
{
	int fd = open(name, O_RDWR | O_CREAT, 0666);

	if (fd < 0 || ftruncate(fd, size))
		fail(name);
	return fd;
}

static char *map_flags(int fd, unsigned long size, int flags)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (at == MAP_FAILED)
		fail("mmap");
	return at;
}

static char *map_new(unsigned long size)
{
	int fd = open_at(path, size);
	char *at = map_flags(fd, size, MAP_SHARED);

	close(fd);
	return at;
}

/* A byte of each page and place, so that each tells where it belongs. */
static char mark(unsigned long offset)
{
	return 1 + (offset / PAGE * 7 + offset) % 79;
}

static void fill(char *at, unsigned long size)
{
	unsigned long offset;

	for (offset = 0; offset < size; offset++)
		at[offset] = mark(offset);
}

static const char *check(const char *at, unsigned long from, unsigned long size)
{
	unsigned long offset;

	for (offset = 0; offset < size; offset++)
		if (at[offset] != mark(from + offset))
			return "wrong";
	return "right";
}

/* What a disk holds, read in the ordinary way. */
static const char *check_disk(const char *at, unsigned long from,
			      unsigned long size)
{
	char *copy = malloc(size);
	int fd = open(disk, O_RDONLY);

	if (pread(fd, copy, size, from) != (long)size)
		fail(disk);
	close(fd);
	return memcmp(at, copy, size) ? "wrong" : "right";
}

static void read_directly(void)
{
	char *at = map_new(SIZE);
	int fd = open(disk, O_RDONLY | O_DIRECT);

	printf("%s, ", ended(pread(fd, at + LARGE, MIB, 0)));
	printf("%s\n", check_disk(at + LARGE, 0, MIB));
}

static void write_directly(void)
{
	char *at = map_new(SIZE);
	int fd = open(disk, O_RDWR | O_DIRECT);

	fill(at, SIZE);
	printf("%s, ", ended(pwrite(fd, at + LARGE, MIB, LARGE)));
	fsync(fd);
	printf("%s\n", check_disk(at + LARGE, LARGE, MIB));
}

static void spliced(void)
{
	char *at = map_new(SIZE), copy[PAGE];
	struct iovec iov = { at + LARGE, PAGE };
	int ends[2];

	fill(at, SIZE);
	pipe(ends);
	if (vmsplice(ends[1], &iov, 1, 0) == -1) {
		printf("%s\n", ended(-1));
		return;
	}
	printf("ok, %s\n", read(ends[0], copy, PAGE) == PAGE ?
	       check(copy, LARGE, PAGE) : "nothing");
}

static void read_by_another(void)
{
	char *at = map_new(SIZE), *copy = malloc(LARGE);
	struct iovec from = { at + LARGE, LARGE }, to = { copy, LARGE };
	pid_t reader;

	fill(at, SIZE);
	reader = fork();
	if (!reader) {
		printf("%s, ", ended(process_vm_readv(getppid(), &to, 1, &from,
						      1, 0)));
		printf("%s\n", check(copy, LARGE, LARGE));
		exit(0);
	}
	waitpid(reader, NULL, 0);
}

/* Reads from the disk into a buffer that is registered with an io_uring. */
static void fixed(void)
{
	struct io_uring_params params = {};
	int ring = syscall(SYS_io_uring_setup, 4, &params);
	int fd = open(disk, O_RDONLY | O_DIRECT);
	char *at = map_new(SIZE);
	struct iovec iov = { at, SIZE };
	struct io_uring_sqe *entry;
	struct io_uring_cqe *done;
	char *rings;

	if (ring < 0)
		fail("io_uring_setup");
	fill(at, SIZE);
	if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &iov, 1)) {
		printf("%s\n", ended(-1));
		return;
	}
	rings = mmap(NULL, params.cq_off.cqes +
		     params.cq_entries * sizeof(*done), PROT_READ | PROT_WRITE,
		     MAP_SHARED, ring, IORING_OFF_SQ_RING);
	entry = mmap(NULL, params.sq_entries * sizeof(*entry),
		     PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	entry->opcode = IORING_OP_READ_FIXED;
	entry->fd = fd;
	entry->addr = (unsigned long)at + LARGE;
	entry->len = MIB;
	*(unsigned int *)(rings + params.sq_off.array) = 0;
	__atomic_store_n((unsigned int *)(rings + params.sq_off.tail), 1,
			 __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1)
		fail("io_uring_enter");
	done = (struct io_uring_cqe *)(rings + params.cq_off.cqes);
	printf("ok, read %d, %s\n", done->res, check_disk(at + LARGE, 0, MIB));
}

static long number_in(const char *file)
{
	FILE *in = fopen(file, "r");
	long number = -1;

	if (in) {
		fscanf(in, "%ld", &number);
		fclose(in);
	}
	return number;
}

/* A guest of one instruction more than it needs: writes 42 to 0x3000, halts. */
static void guest(void)
{
	static const char code[] = {
		0xc6, 0x06, 0x00, 0x30, 0x2a,	/* movb $42, 0x3000 */
		0xf4,				/* hlt */
	};
	int kvm = open("/dev/kvm", O_RDWR), vm, cpu;
	char *at = map_new(SIZE);
	struct kvm_userspace_memory_region slot = {
		.memory_size = SIZE,
		.userspace_addr = (unsigned long)at,
	};
	struct kvm_sregs sregs;
	struct kvm_regs regs = { .rip = 0x1000, .rflags = 2 };
	struct kvm_run *run;

	if (kvm < 0)
		fail("/dev/kvm");
	memcpy(at + 0x1000, code, sizeof(code));
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot))
		fail("KVM_SET_USER_MEMORY_REGION");
	cpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	run = mmap(NULL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0),
		   PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);
	ioctl(cpu, KVM_GET_SREGS, &sregs);
	sregs.cs.base = sregs.cs.selector = 0;
	sregs.ds.base = sregs.ds.selector = 0;
	ioctl(cpu, KVM_SET_SREGS, &sregs);
	ioctl(cpu, KVM_SET_REGS, &regs);
	printf("%s, ", ended(ioctl(cpu, KVM_RUN, 0)));
	printf("exit %u, wrote %d, %s\n", run->exit_reason, at[0x3000],
	       number_in("/sys/kernel/debug/kvm/pages_2m") > 0 ? "2M" : "4K");
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static void sized(void)
{
	char *at = map_new(SIZE);
	unsigned long offset;
	long before = faults(), spent;

	for (offset = 0; offset < SIZE; offset += PAGE)
		at[offset] = 1;
	spent = faults() - before;
	printf("%s\n", spent <= (long)(SIZE / LARGE + 4) ? "2M" :
	       spent >= (long)(SIZE / PAGE) ? "4K one by one" : "4K");
}

static void cared_for(void)
{
	int fd = open_at(path, SIZE), status;
	char *at = map_flags(fd, SIZE, MAP_SHARED), *moved;
	pid_t child;

	fill(at, SIZE);
	child = fork();
	if (!child) {
		at[5 * PAGE] = 77;
		_exit(strcmp(check(at, 0, PAGE), "right"));
	}
	waitpid(child, &status, 0);
	printf("fork %d %d, ", status, at[5 * PAGE]);
	at[5 * PAGE] = mark(5 * PAGE);
	printf("mprotect %s ", ended(mprotect(at + LARGE, PAGE, PROT_READ)));
	printf("%s ", check(at, 0, SIZE));
	printf("%s, ", ended(mprotect(at + LARGE, PAGE, PROT_READ | PROT_WRITE)));
	at[LARGE] = mark(LARGE);
	printf("munmap %s ", ended(munmap(at + 2 * LARGE, PAGE)));
	printf("%s ", peek(at + 2 * LARGE));
	printf("%s, ", check(at + 2 * LARGE + PAGE, 2 * LARGE + PAGE, LARGE));
	moved = mremap(at, LARGE, LARGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		       mmap(NULL, LARGE, 0, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	printf("mremap %s %s, ", moved == MAP_FAILED ? "failed" :
	       check(moved, 0, LARGE), peek(at));
	ftruncate(fd, 4 * LARGE);
	printf("truncate %s %s, ", peek(at + 4 * LARGE),
	       check(at + 3 * LARGE, 3 * LARGE, LARGE));
	ftruncate(fd, SIZE);
	printf("longer again %s\n", peek(at + 4 * LARGE));
}

static void copied(void)
{
	int fd = open_at(path, SIZE);
	char *at = map_flags(fd, SIZE, MAP_SHARED);
	char *own = map_flags(fd, SIZE, MAP_PRIVATE);

	fill(at, SIZE);
	printf("%s, ", check(own, 0, SIZE));
	own[LARGE] = 99;
	printf("file %d, own %d, ", at[LARGE] == mark(LARGE), own[LARGE]);
	at[LARGE + PAGE] = 98;
	printf("follows %d\n", own[LARGE + PAGE]);
}

static unsigned long free_bytes(void)
{
	struct statvfs stat;

	if (statvfs(directory, &stat))
		fail("statvfs");
	return stat.f_bfree * stat.f_bsize;
}

/* Takes all memory that there is, and writes canaries into it. */
static unsigned long take_all(int fd)
{
	char *canaries = malloc(LARGE);
	unsigned long taken = 0;
	long done;

	memset(canaries, CANARY, LARGE);
	while ((done = write(fd, canaries, LARGE)) > 0)
		taken += done;
	free(canaries);
	return taken;
}

/* Puts the first page of a mapping into a pipe; returns where it comes out. */
static int pin(char *at)
{
	struct iovec iov = { at, PAGE };
	int ends[2];

	pipe(ends);
	if (vmsplice(ends[1], &iov, 1, 0) != PAGE) {
		printf("%s\n", ended(-1));
		exit(0);
	}
	return ends[0];
}

/* Memory that is pinned after it was given back is given to nobody. */
static void outlived(bool mapped, void (*give_back)(void))
{
	unsigned long before = free_bytes(), looks;
	char *at = map_new(SIZE), copy[PAGE];
	char other[256];
	int out, fd;

	fill(at, SIZE);
	out = pin(at);
	if (!mapped)
		munmap(at, SIZE);
	give_back();
	sprintf(other, "%s/other", directory);
	fd = open_at(other, 0);
	printf("%s, ", take_all(fd) + SIZE <= before ? "kept back" : "given away");
	read(out, copy, PAGE);
	printf("%s, ", check(copy, 0, PAGE));
	close(fd);
	unlink(other);
	unlink(path);
	if (mapped)
		munmap(at, SIZE);
	for (looks = 0; free_bytes() != before && looks < PATIENCE; looks++)
		usleep(20000);
	printf("%s\n", free_bytes() == before ? "all is free again" : "lost");
}

static void unlink_it(void)
{
	unlink(path);
}

static void unlinked(void)
{
	outlived(false, unlink_it);
}

static void truncate_it(void)
{
	if (truncate(path, 0))
		fail("truncate");
}

static void truncated(void)
{
	outlived(true, truncate_it);
}

static void punch_it(void)
{
	int fd = open(path, O_RDWR);

	if (fallocate(fd, 3 /* PUNCH_HOLE | KEEP_SIZE */, 0, SIZE))
		fail("fallocate");
	close(fd);
}

static void punched(void)
{
	outlived(true, punch_it);
}

static long mount_again(void)
{
	return mount("none", directory, "holdfast", 0, options);
}

/* A region that is pinned is unmounted, but not given up. */
static void unmounted(void)
{
	char *at = map_new(SIZE), copy[PAGE];
	unsigned long looks;
	int out;

	fill(at, SIZE);
	out = pin(at);
	munmap(at, SIZE);
	printf("umount %s, ", ended(umount(directory)));
	printf("mount %s, ", ended(mount_again()));
	printf("rmmod %s, ", ended(syscall(SYS_delete_module, "holdfast",
					   O_NONBLOCK)));
	read(out, copy, PAGE);
	printf("%s, ", check(copy, 0, PAGE));
	for (looks = 0; mount_again() && looks < PATIENCE; looks++)
		usleep(20000);
	at = map_new(SIZE);
	printf("mount %s\n", check(at, 0, SIZE));
}

static const struct test {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "pages", sized },
	{ "O_DIRECT read", read_directly },
	{ "O_DIRECT write", write_directly },
	{ "vmsplice", spliced },
	{ "process_vm_readv", read_by_another },
	{ "io_uring fixed buffers", fixed },
	{ "KVM", guest },
	{ "calls", cared_for },
	{ "private", copied },
	{ "pinned, unlinked", unlinked },
	{ "pinned, truncated", truncated },
	{ "pinned, punched", punched },
	{ "pinned, unmounted", unmounted },
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
		printf("killed by signal %d\n", WTERMSIG(status));
}

int main(int count, char **words)
{
	const struct test *test;

	if (count != 4)
		return 2;
	directory = words[1];
	disk = words[2];
	options = words[3];
	for (test = tests; test->name; test++)
		run(test);
	return 0;
}
