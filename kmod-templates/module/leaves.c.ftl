// SPDX-License-Identifier: GPL-2.0-only
#include "leaves.h"
#include "copies.h"

#define CHECKSUM_AT	offsetof(struct holdfast_extent_leaf, checksum)

static bool usable(const struct holdfast_records *records,
		   const struct holdfast_extent_leaf *leaf,
		   const struct holdfast_record *owner)
{
	u32 count = le32_to_cpu(leaf->extent_count);
	u64 end = 0;

	return le32_to_cpu(leaf->magic) == HOLDFAST_LEAF_MAGIC &&
	       holdfast_block_intact(leaf, sizeof(*leaf), CHECKSUM_AT) &&
	       leaf->owner == owner->number &&
	       leaf->generation == owner->generation &&
	       count && count <= HOLDFAST_LEAF_EXTENTS &&
	       holdfast_extents_fit(records, leaf->extents, count, &end);
}

/**
 * holdfast_leaf_get() - choose between the copies of a leaf
 * @records: the table of the region
 * @run: HOLDFAST_LEAF_RUN bytes that a record calls a leaf
 * @owner: the record
 *
 * Return: the copy that can be used, or NULL if none can.
 */
const struct holdfast_extent_leaf *
holdfast_leaf_get(const struct holdfast_records *records, const void *run,
		  const struct holdfast_record *owner)
{
	const struct holdfast_extent_leaf *copies = run;

	if (usable(records, &copies[0], owner))
		return &copies[0];
	return usable(records, &copies[1], owner) ? &copies[1] : NULL;
}

/**
 * holdfast_leaf_in_step() - are both copies of a leaf equal?
 * @run: the leaf, in the region
 *
 * Return: true if they are, as they are from the commit that names the leaf on.
 */
bool holdfast_leaf_in_step(const void *run)
{
	const struct holdfast_extent_leaf *copies = run;

	return holdfast_blocks_equal(&copies[0], &copies[1], sizeof(*copies));
}

/**
 * holdfast_leaf_repair() - bring the copies of a leaf in step
 * @records: the table of the region
 * @run: the leaf, in the region; left as it is if no copy can be used
 * @owner: the record that names it
 */
void holdfast_leaf_repair(const struct holdfast_records *records, void *run,
			  const struct holdfast_record *owner)
{
	struct holdfast_extent_leaf *copies = run;
	const struct holdfast_extent_leaf *chosen;

	chosen = holdfast_leaf_get(records, run, owner);
	if (chosen)
		holdfast_block_store(chosen == copies ? copies + 1 : copies,
				     chosen, sizeof(*chosen), CHECKSUM_AT);
}

/**
 * holdfast_leaf_store() - write a leaf
 * @run: where; no record names it yet
 * @leaf: the leaf, with its extents; the rest is filled in
 * @owner: the record that will name it
 */
void holdfast_leaf_store(void *run, struct holdfast_extent_leaf *leaf,
			 const struct holdfast_record *owner)
{
	struct holdfast_extent_leaf *copies = run;

	leaf->magic = cpu_to_le32(HOLDFAST_LEAF_MAGIC);
	leaf->owner = owner->number;
	leaf->generation = owner->generation;
	holdfast_block_store_both(&copies[0], &copies[1], leaf, sizeof(*leaf),
				  CHECKSUM_AT);
}
