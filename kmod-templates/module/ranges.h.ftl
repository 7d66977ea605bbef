/* SPDX-License-Identifier: GPL-2.0-only */
/* Further ranges of a region: the list of them, and their heads. Freestanding. */
#ifndef HOLDFAST_RANGES_H
#define HOLDFAST_RANGES_H

#include "format.h"

/* How much of a range must be looked at to find its head, in bytes. */
#define HOLDFAST_RANGE_HEADS	(HOLDFAST_SUPERBLOCK_COPY_STRIDE + \
				 sizeof(struct holdfast_range_head))

u32 holdfast_ranges_count(const struct holdfast_superblock *sb);
bool holdfast_ranges_valid(const struct holdfast_superblock *sb);
bool holdfast_ranges_hold(const struct holdfast_superblock *sb, u64 start,
			  u64 length);
bool holdfast_ranges_have(const struct holdfast_superblock *sb, u64 offset);
void holdfast_ranges_start(struct holdfast_superblock *sb, u32 node);
bool holdfast_ranges_fit(const struct holdfast_superblock *sb, u64 physical,
			 u64 size);
void holdfast_ranges_add(struct holdfast_superblock *sb, u64 physical, u64 size,
			 u32 node);

bool holdfast_range_head_seen(const void *memory);
bool holdfast_range_head_ours(const void *memory,
			      const struct holdfast_superblock *sb,
			      const struct holdfast_range *range);
bool holdfast_range_head_in_step(const void *memory);
void holdfast_range_head_repair(void *memory);
void holdfast_range_head_store(void *memory, struct holdfast_range_head *head,
			       const struct holdfast_superblock *sb,
			       u64 physical, u64 size);

#endif
