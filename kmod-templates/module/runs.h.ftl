/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of one file, in memory: runs by their place in the file. */
#ifndef HOLDFAST_RUNS_H
#define HOLDFAST_RUNS_H

#include <linux/types.h>

/**
 * struct holdfast_run - contiguous memory of a file
 * @at: where it stands in the file, in bytes
 * @offset: where it stands in the region, in bytes
 * @length: its length, in bytes
 *
 * All are multiples of the block size.
 */
struct holdfast_run {
	u64 at;
	u64 offset;
	u64 length;
};

/**
 * struct holdfast_runs - runs of a file, sorted, with holes between them
 * @list: the runs; neighbours that could be one are one
 * @count: how many
 * @room: how many the list has room for
 */
struct holdfast_runs {
	struct holdfast_run *list;
	u32 count;
	u32 room;
};

static inline u64 holdfast_run_end(const struct holdfast_run *run)
{
	return run->at + run->length;
}

void holdfast_runs_free(struct holdfast_runs *runs);
int holdfast_runs_copy(struct holdfast_runs *copy,
		       const struct holdfast_runs *runs, u32 more);
u32 holdfast_runs_find(const struct holdfast_runs *runs, u64 position);
u64 holdfast_runs_at(const struct holdfast_runs *runs, u64 position,
		     u64 *length);
bool holdfast_runs_place(const struct holdfast_runs *runs, u64 offset,
			 u64 *position);
u64 holdfast_runs_end(const struct holdfast_runs *runs);
u64 holdfast_runs_bytes(const struct holdfast_runs *runs);
int holdfast_runs_add(struct holdfast_runs *runs,
		      const struct holdfast_run *run);
int holdfast_runs_cut(struct holdfast_runs *runs, u64 from, u64 to);
int holdfast_runs_shift(struct holdfast_runs *runs, u64 from, s64 by);

#endif
