// SPDX-License-Identifier: GPL-2.0-only
#include "ranges.h"
#include "copies.h"

#define CHECKSUM_AT	offsetof(struct holdfast_range_head, checksum)

/* Where a further range starts, as an offset in the region. */
static u64 start_of(const struct holdfast_superblock *sb, u32 index)
{
	return le64_to_cpu(sb->ranges[index].physical) - le64_to_cpu(sb->base);
}

static u64 size_of(const struct holdfast_superblock *sb, u32 index)
{
	return le64_to_cpu(sb->ranges[index].size);
}

static bool inside(u64 start, u64 length, u64 from, u64 to)
{
	return start >= from && start < to && length <= to - start;
}

/* Without the feature there are none, whatever is in the list. */
static u32 count_of(const struct holdfast_superblock *sb)
{
	if (!(le64_to_cpu(sb->incompat) & HOLDFAST_INCOMPAT_RANGES))
		return 0;
	return le32_to_cpu(sb->range_count);
}

/**
 * holdfast_ranges_count() - how many further ranges are there?
 * @sb: the superblock, intact
 *
 * Return: the number of them, or 0 if there cannot be so many.
 */
u32 holdfast_ranges_count(const struct holdfast_superblock *sb)
{
	u32 count = count_of(sb);

	return count <= HOLDFAST_RANGES_MAX ? count : 0;
}

/* Is a range aligned, above the first, and clear of @count of the others? */
static bool fits(const struct holdfast_superblock *sb, u32 count, u64 physical,
		 u64 size)
{
	u64 base = le64_to_cpu(sb->base);
	u32 i;

	if (!size || (physical | size) % HOLDFAST_REGION_ALIGN ||
	    physical + size <= physical ||
	    physical < base + le64_to_cpu(sb->size))
		return false;
	for (i = 0; i < count; i++) {
		u64 start = le64_to_cpu(sb->ranges[i].physical);

		if (physical < start + size_of(sb, i) &&
		    start < physical + size)
			return false;
	}
	return true;
}

/**
 * holdfast_ranges_valid() - is the list one that could have been written?
 * @sb: the superblock; its geometry is right
 *
 * Return: true if it is.
 */
bool holdfast_ranges_valid(const struct holdfast_superblock *sb)
{
	u32 count = count_of(sb), i;

	if (count > HOLDFAST_RANGES_MAX)
		return false;
	for (i = 0; i < count; i++)
		if (!fits(sb, i, le64_to_cpu(sb->ranges[i].physical),
			  size_of(sb, i)))
			return false;
	return true;
}

/**
 * holdfast_ranges_hold() - does a run lie in the data area?
 * @sb: the superblock; its ranges are valid
 * @start: offset of the run in the region, in bytes
 * @length: its length, in bytes
 *
 * Return: true if one of the ranges has data in all of it.
 */
bool holdfast_ranges_hold(const struct holdfast_superblock *sb, u64 start,
			  u64 length)
{
	u32 count = holdfast_ranges_count(sb), i;

	if (inside(start, length, le64_to_cpu(sb->data_offset),
		   le64_to_cpu(sb->size)))
		return true;
	for (i = 0; i < count; i++)
		if (inside(start, length,
			   start_of(sb, i) + HOLDFAST_RANGE_DATA_OFFSET,
			   start_of(sb, i) + size_of(sb, i)))
			return true;
	return false;
}

/**
 * holdfast_ranges_have() - does a byte belong to the region?
 * @sb: the superblock; its ranges are valid
 * @offset: offset of the byte in the region
 *
 * Return: true if it is in one of the ranges.
 */
bool holdfast_ranges_have(const struct holdfast_superblock *sb, u64 offset)
{
	u32 count = holdfast_ranges_count(sb), i;

	if (offset < le64_to_cpu(sb->size))
		return true;
	for (i = 0; i < count; i++)
		if (inside(offset, 1, start_of(sb, i),
			   start_of(sb, i) + size_of(sb, i)))
			return true;
	return false;
}

/**
 * holdfast_ranges_start() - let a region have further ranges; it has none yet
 * @sb: the superblock, to be committed
 * @node: NUMA node that the first range is on
 */
void holdfast_ranges_start(struct holdfast_superblock *sb, u32 node)
{
	sb->range_count = 0;
	sb->node = cpu_to_le32(node);
	memset(sb->ranges, 0, sizeof(sb->ranges));
	sb->incompat |= cpu_to_le64(HOLDFAST_INCOMPAT_RANGES);
}

/**
 * holdfast_ranges_fit() - can a range be added?
 * @sb: the superblock; its ranges are valid
 * @physical: physical address of the range, in bytes
 * @size: its size, in bytes
 *
 * Return: true if it is aligned, above the first, and overlaps none. Whether
 * there is room in the list is for the caller to know.
 */
bool holdfast_ranges_fit(const struct holdfast_superblock *sb, u64 physical,
			 u64 size)
{
	return fits(sb, holdfast_ranges_count(sb), physical, size);
}

/**
 * holdfast_ranges_add() - add a range to the list
 * @sb: the superblock, to be committed; it has the feature, and room
 * @physical: physical address of the range, in bytes; it fits
 * @size: its size, in bytes
 * @node: NUMA node that it is on
 */
void holdfast_ranges_add(struct holdfast_superblock *sb, u64 physical, u64 size,
			 u32 node)
{
	u32 count = holdfast_ranges_count(sb);

	sb->ranges[count] = (struct holdfast_range) {
		.physical = cpu_to_le64(physical),
		.size = cpu_to_le64(size),
		.node = cpu_to_le32(node),
	};
	sb->range_count = cpu_to_le32(count + 1);
}

static const struct holdfast_range_head *copy_at(const void *memory, u32 index)
{
	return memory + index * HOLDFAST_SUPERBLOCK_COPY_STRIDE;
}

static bool intact(const struct holdfast_range_head *head)
{
	return le64_to_cpu(head->magic) == HOLDFAST_RANGE_MAGIC &&
	       holdfast_block_intact(head, sizeof(*head), CHECKSUM_AT);
}

/* The copy that speaks for a range, or NULL. */
static const struct holdfast_range_head *choose(const void *memory)
{
	u32 index;

	for (index = 0; index < 2; index++)
		if (intact(copy_at(memory, index)))
			return copy_at(memory, index);
	return NULL;
}

/**
 * holdfast_range_head_seen() - could a range belong to a region?
 * @memory: start of the range, HOLDFAST_RANGE_HEADS bytes
 *
 * A torn first copy beside a second that was never written is an addition that
 * never returned: no region lists the range.
 *
 * Return: true if it does, or if its head is left and damaged.
 */
bool holdfast_range_head_seen(const void *memory)
{
	return intact(copy_at(memory, 0)) ||
	       le64_to_cpu(copy_at(memory, 1)->magic) == HOLDFAST_RANGE_MAGIC;
}

/**
 * holdfast_range_head_ours() - does a range belong to a region?
 * @memory: start of the range, HOLDFAST_RANGE_HEADS bytes
 * @sb: the superblock of the region
 * @range: what the region says of the range
 *
 * Return: true if the range says so.
 */
bool holdfast_range_head_ours(const void *memory,
			      const struct holdfast_superblock *sb,
			      const struct holdfast_range *range)
{
	const struct holdfast_range_head *head = choose(memory);

	return head && head->base == sb->base &&
	       head->physical == range->physical && head->size == range->size &&
	       !memcmp(head->uuid, sb->uuid, sizeof(head->uuid));
}

/**
 * holdfast_range_head_in_step() - are both copies of a head equal?
 * @memory: start of the range, HOLDFAST_RANGE_HEADS bytes
 *
 * Return: true if they are, as they are from the commit that lists the range on.
 */
bool holdfast_range_head_in_step(const void *memory)
{
	return !memcmp(copy_at(memory, 0), copy_at(memory, 1),
		       sizeof(struct holdfast_range_head));
}

/**
 * holdfast_range_head_repair() - bring the copies of a head in step
 * @memory: start of the range; left as it is if no copy is intact
 */
void holdfast_range_head_repair(void *memory)
{
	const struct holdfast_range_head *chosen = choose(memory);
	u32 other = chosen == copy_at(memory, 0);

	if (chosen)
		holdfast_block_store(memory +
				     other * HOLDFAST_SUPERBLOCK_COPY_STRIDE,
				     chosen, sizeof(*chosen), CHECKSUM_AT);
}

/**
 * holdfast_range_head_store() - write the head of a range
 * @memory: start of the range; no superblock lists it yet
 * @head: room for the head
 * @sb: the superblock of the region that it will belong to
 * @physical: physical address of the range, in bytes
 * @size: its size, in bytes
 */
void holdfast_range_head_store(void *memory, struct holdfast_range_head *head,
			       const struct holdfast_superblock *sb,
			       u64 physical, u64 size)
{
	memset(head, 0, sizeof(*head));
	head->magic = cpu_to_le64(HOLDFAST_RANGE_MAGIC);
	memcpy(head->uuid, sb->uuid, sizeof(head->uuid));
	head->base = sb->base;
	head->physical = cpu_to_le64(physical);
	head->size = cpu_to_le64(size);
	holdfast_block_store_both(memory,
				  memory + HOLDFAST_SUPERBLOCK_COPY_STRIDE,
				  head, sizeof(*head), CHECKSUM_AT);
}
