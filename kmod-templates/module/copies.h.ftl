/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Self-checking blocks that are kept in two copies.
 *
 * The machine may stop between any two stores. A block is therefore stored
 * copy by copy, each with its checksum last: at every moment one of the copies
 * is whole, and while nothing is being stored both are, so that either can
 * serve alone when memory is damaged.
 */
#ifndef HOLDFAST_COPIES_H
#define HOLDFAST_COPIES_H

#include "format_env.h"

u32 holdfast_block_checksum(const void *block, size_t size,
			    size_t checksum_at);
bool holdfast_blocks_equal(const void *a, const void *b, size_t size);
bool holdfast_block_intact(const void *block, size_t size, size_t checksum_at);
void holdfast_block_store(void *copy, const void *block, size_t size,
			  size_t checksum_at);
void holdfast_block_store_both(void *first, void *second, const void *block,
			       size_t size, size_t checksum_at);

#endif
