/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happens to a region, for those who look on. The other rooms tell it here,
 * in one line; here it is counted<#if options.has("tracepoints")>, and passes a tracepoint</#if>.
 */
#ifndef HOLDFAST_WATCH_H
#define HOLDFAST_WATCH_H

#include <linux/mm_types.h>
#include <linux/types.h>

struct holdfast_record;

/**
 * enum holdfast_count - what is counted since the mount
 * @HOLDFAST_FAULTS_4K: page faults served with a page of 4 KiB, and neighbours
 * @HOLDFAST_FAULTS_2M: page faults served with a page of 2 MiB
 * @HOLDFAST_FAULTS_1G: page faults served with a page of 1 GiB
 * @HOLDFAST_COMMITS: commits of records
 * @HOLDFAST_ALLOCATED_BYTES: memory that was taken, in bytes
 * @HOLDFAST_FREED_BYTES: memory that was given back, in bytes
 * @HOLDFAST_SCRUBBED_BYTES: memory that was cleared, in bytes
 * @HOLDFAST_ERRORS: damage that was found, repaired or not, at mount or later
 * @HOLDFAST_COUNTS: how many there are
 */
enum holdfast_count {
	HOLDFAST_FAULTS_4K,
	HOLDFAST_FAULTS_2M,
	HOLDFAST_FAULTS_1G,
	HOLDFAST_COMMITS,
	HOLDFAST_ALLOCATED_BYTES,
	HOLDFAST_FREED_BYTES,
	HOLDFAST_SCRUBBED_BYTES,
	HOLDFAST_ERRORS,
	HOLDFAST_COUNTS,
};

/**
 * struct holdfast_counts - what one processor has counted
 * @of: by enum holdfast_count
 */
struct holdfast_counts {
	u64 of[HOLDFAST_COUNTS];
};

/**
 * struct holdfast_watch - the watch over a mounted region
 * @dev: device number of the mount
 * @counts: what each processor has counted
 */
struct holdfast_watch {
	dev_t dev;
	struct holdfast_counts __percpu *counts;
};

int holdfast_watch_init(struct holdfast_watch *watch, dev_t dev);
void holdfast_watch_destroy(struct holdfast_watch *watch);
u64 holdfast_watch_sum(const struct holdfast_watch *watch,
		       enum holdfast_count which);

void holdfast_watch_commit(struct holdfast_watch *watch,
			   const struct holdfast_record *record);
void holdfast_watch_fault(struct holdfast_watch *watch, unsigned long ino,
			  u64 position, u64 page, vm_fault_t result);
void holdfast_watch_alloc(struct holdfast_watch *watch, u64 start, u64 length,
			  u64 goal);
void holdfast_watch_free(struct holdfast_watch *watch, u64 start, u64 length);
void holdfast_watch_scrub(struct holdfast_watch *watch, u64 length);
void holdfast_watch_errors(struct holdfast_watch *watch, u32 number);

#endif
