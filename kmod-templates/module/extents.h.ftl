/* SPDX-License-Identifier: GPL-2.0-only */
/* Free space of the data areas, in memory, derived at mount. */
#ifndef HOLDFAST_EXTENTS_H
#define HOLDFAST_EXTENTS_H

#include <linux/rbtree_types.h>
#include <linux/types.h>

#include "format.h"

struct holdfast_watch;

/* Pools that there can be: one for each range of a region. */
#define HOLDFAST_POOLS		(1 + HOLDFAST_RANGES_MAX)

/* A set of pools, a bit for each, with all of them in it. */
#define HOLDFAST_ALL_POOLS	U32_MAX

/**
 * struct holdfast_pool - free space of one range, as a tree of free runs
 * @runs: the free runs by address; neighbours are always merged
 * @start: offset of the data area of the range in the region, in bytes
 * @end: offset of its end, in bytes
 * @free: sum of the lengths of the free runs, in bytes
 * @node: NUMA node that the range is on
 */
struct holdfast_pool {
	struct rb_root runs;
	u64 start;
	u64 end;
	u64 free;
	u32 node;
};

/**
 * struct holdfast_space - free space of a region
 * @pools: that of each range; what is free in one never adjoins another
 * @count: how many there are
 * @free: how much is free in all of them, in bytes
 * @total: size of their data areas, in bytes
 * @base: physical address of the region, in bytes: pages are aligned there
 * @superblock: lists what is retired, which is never free
 * @watch: is told what is taken and given back
 */
struct holdfast_space {
	struct holdfast_pool pools[HOLDFAST_POOLS];
	u32 count;
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
 * @pools: where it must be, a set
 */
struct holdfast_wish {
	u64 goal;
	u64 page;
	u64 phase;
	u32 pools;
};

void holdfast_space_add(struct holdfast_space *space, u64 start, u64 end,
			u32 node);
void holdfast_space_destroy(struct holdfast_space *space);
int holdfast_space_take(struct holdfast_space *space, u64 start, u64 length);
bool holdfast_space_is_free(struct holdfast_space *space, u64 start,
			    u64 length);
u64 holdfast_space_alloc(struct holdfast_space *space,
			 const struct holdfast_wish *wish, u64 *length);
u64 holdfast_space_largest(const struct holdfast_space *space, u32 pools);
u32 holdfast_space_on_node(const struct holdfast_space *space, u32 node);
u64 holdfast_space_free_in(const struct holdfast_space *space, u32 pools);
bool holdfast_space_next(const struct holdfast_space *space, u64 *start,
			 u64 *length);
void holdfast_space_free(struct holdfast_space *space, u64 start, u64 length);

#endif
