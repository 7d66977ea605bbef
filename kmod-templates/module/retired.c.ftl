// SPDX-License-Identifier: GPL-2.0-only
#include "retired.h"
#include "ranges.h"

static u64 start_of(const struct holdfast_extent *run)
{
	return le64_to_cpu(run->region_offset);
}

static u64 end_of(const struct holdfast_extent *run)
{
	return start_of(run) + le64_to_cpu(run->length);
}

/**
 * holdfast_retired_valid() - is the list one that could have been written?
 * @sb: the superblock; its geometry is right, and so are its ranges
 *
 * Return: true if it is.
 */
bool holdfast_retired_valid(const struct holdfast_superblock *sb)
{
	u32 count = le32_to_cpu(sb->retired_count), i;
	u64 end = 0;

	if (count > HOLDFAST_RETIRED_RUNS)
		return false;
	for (i = 0; i < count; i++) {
		u64 start = start_of(&sb->retired[i]);
		u64 length = le64_to_cpu(sb->retired[i].length);

		if (start < end || !length ||
		    !holdfast_ranges_hold(sb, start, length) ||
		    (start | length) % HOLDFAST_BLOCK_SIZE)
			return false;
		end = start + length;
	}
	return true;
}

/* Index of the first run that ends behind @from. */
static u32 find(const struct holdfast_superblock *sb, u64 from)
{
	u32 i = 0;

	while (i < le32_to_cpu(sb->retired_count) &&
	       end_of(&sb->retired[i]) <= from)
		i++;
	return i;
}

/**
 * holdfast_retired_next() - find a retired page
 * @sb: the superblock
 * @from: offset in the region where to start, in bytes
 * @to: where to end
 *
 * Return: offset of the first one from there on, in bytes, or @to.
 */
u64 holdfast_retired_next(const struct holdfast_superblock *sb, u64 from,
			  u64 to)
{
	u32 i = find(sb, from);
	u64 start;

	if (i == le32_to_cpu(sb->retired_count))
		return to;
	start = start_of(&sb->retired[i]);
	if (start < from)
		return from;
	if (start > to)
		return to;
	return start;
}

/**
 * holdfast_retired_bytes() - how much is retired
 * @sb: the superblock
 *
 * Return: bytes.
 */
u64 holdfast_retired_bytes(const struct holdfast_superblock *sb)
{
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < le32_to_cpu(sb->retired_count); i++)
		bytes += le64_to_cpu(sb->retired[i].length);
	return bytes;
}

static void set_run(struct holdfast_extent *run, u64 start, u64 end)
{
	run->region_offset = cpu_to_le64(start);
	run->length = cpu_to_le64(end - start);
}

/* Two runs have become one. */
static void join(struct holdfast_superblock *sb, u32 i)
{
	u32 count = le32_to_cpu(sb->retired_count) - 1;

	set_run(&sb->retired[i], start_of(&sb->retired[i]),
		end_of(&sb->retired[i + 1]));
	memmove(&sb->retired[i + 1], &sb->retired[i + 2],
		(count - i - 1) * sizeof(sb->retired[0]));
	memset(&sb->retired[count], 0, sizeof(sb->retired[0]));
	sb->retired_count = cpu_to_le32(count);
}

static void insert(struct holdfast_superblock *sb, u32 i, u64 page)
{
	u32 count = le32_to_cpu(sb->retired_count);

	memmove(&sb->retired[i + 1], &sb->retired[i],
		(count - i) * sizeof(sb->retired[0]));
	memset(&sb->retired[i], 0, sizeof(sb->retired[0]));
	set_run(&sb->retired[i], page, page + HOLDFAST_BLOCK_SIZE);
	sb->retired_count = cpu_to_le32(count + 1);
}

/**
 * holdfast_retired_add() - add a page to the list
 * @sb: the superblock, to be committed
 * @page: offset of the page in the region, in bytes; not in the list
 *
 * Return: false if there is no room for it.
 */
bool holdfast_retired_add(struct holdfast_superblock *sb, u64 page)
{
	u32 i = find(sb, page), count = le32_to_cpu(sb->retired_count);
	u64 end = page + HOLDFAST_BLOCK_SIZE;

	if (i && end_of(&sb->retired[i - 1]) == page) {
		set_run(&sb->retired[i - 1], start_of(&sb->retired[i - 1]), end);
		if (i < count && start_of(&sb->retired[i]) == end)
			join(sb, i - 1);
	} else if (i < count && start_of(&sb->retired[i]) == end) {
		set_run(&sb->retired[i], page, end_of(&sb->retired[i]));
	} else if (count < HOLDFAST_RETIRED_RUNS) {
		insert(sb, i, page);
	} else {
		return false;
	}
	return true;
}
