/* SPDX-License-Identifier: GPL-2.0-only */
/* The record table: verify, choose, commit. Freestanding. */
#ifndef HOLDFAST_RECORDS_H
#define HOLDFAST_RECORDS_H

#include "format.h"

/**
 * struct holdfast_records - the record table of a region
 * @a: first copy
 * @b: second copy
 * @slots: records in each copy
 * @superblock: says where there can be data
 * @sequence: sequence of the newest commit
 * @sparse: files may have holes, and leaves
 */
struct holdfast_records {
	struct holdfast_record *a;
	struct holdfast_record *b;
	u32 slots;
	const struct holdfast_superblock *superblock;
	u64 sequence;
	bool sparse;
};

/**
 * enum holdfast_slot - what a slot of the table holds
 * @HOLDFAST_SLOT_UNUSED: nothing that was ever committed
 * @HOLDFAST_SLOT_FREE: the tombstone of a record
 * @HOLDFAST_SLOT_USED: a record
 * @HOLDFAST_SLOT_DAMAGED: something, but no copy of it can be used
 */
enum holdfast_slot {
	HOLDFAST_SLOT_UNUSED,
	HOLDFAST_SLOT_FREE,
	HOLDFAST_SLOT_USED,
	HOLDFAST_SLOT_DAMAGED,
};

void holdfast_records_init(struct holdfast_records *records, void *region,
			   const struct holdfast_superblock *sb);
enum holdfast_slot holdfast_records_read(const struct holdfast_records *records,
					 u64 number,
					 const struct holdfast_record **chosen,
					 bool *in_step);
enum holdfast_slot holdfast_records_get(const struct holdfast_records *records,
					u64 number,
					const struct holdfast_record **chosen);
bool holdfast_records_in_step(const struct holdfast_records *records,
			      u64 number);
void holdfast_records_repair(struct holdfast_records *records, u64 number);
void holdfast_records_commit(struct holdfast_records *records,
			     struct holdfast_record *record);
bool holdfast_extent_fits(const struct holdfast_records *records,
			  const struct holdfast_extent *extent);
bool holdfast_extents_fit(const struct holdfast_records *records,
			  const struct holdfast_extent *extents, u32 count,
			  u64 *end);

#endif
