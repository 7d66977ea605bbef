/* SPDX-License-Identifier: GPL-2.0-only */
/* Free space of the data area, in memory, derived at mount. */
#ifndef HOLDFAST_EXTENTS_H
#define HOLDFAST_EXTENTS_H

#include <linux/rbtree_types.h>
#include <linux/types.h>

struct holdfast_superblock;
struct holdfast_watch;

/**
 * struct holdfast_space - free space, as a tree of free runs
 * @runs: the free runs by address; neighbours are always merged
 * @free: sum of their lengths, in bytes
 * @total: size of the data area, in bytes
 * @base: physical address of the region, in bytes: pages are aligned there
 * @superblock: lists what is retired, which is never free
 * @watch: is told what is taken and given back
 */
struct holdfast_space {
	struct rb_root runs;
	u64 free;
	u64 total;
	u64 base;
	const struct holdfast_superblock *superblock;
	struct holdfast_watch *watch;
};

/**
 * struct holdfast_wish - where a run would best be
 * @goal: offset in the region where it would best start, or 0
 * @page: size of the largest page that is to map it, in bytes, a power of two
 * @phase: offset in a page of that size where the run is to start, in bytes:
 *	a page maps only what is aligned in the file as it is in memory
 */
struct holdfast_wish {
	u64 goal;
	u64 page;
	u64 phase;
};

void holdfast_space_init(struct holdfast_space *space, u64 base, u64 start,
			 u64 end);
void holdfast_space_destroy(struct holdfast_space *space);
int holdfast_space_take(struct holdfast_space *space, u64 start, u64 length);
bool holdfast_space_is_free(struct holdfast_space *space, u64 start,
			    u64 length);
u64 holdfast_space_alloc(struct holdfast_space *space,
			 const struct holdfast_wish *wish, u64 *length);
u64 holdfast_space_largest(const struct holdfast_space *space);
bool holdfast_space_next(struct holdfast_space *space, u64 *start, u64 *length);
void holdfast_space_free(struct holdfast_space *space, u64 start, u64 length);

#endif
