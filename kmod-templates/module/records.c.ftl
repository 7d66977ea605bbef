// SPDX-License-Identifier: GPL-2.0-only
#include "records.h"
#include "copies.h"
#include "ranges.h"

#define CHECKSUM_AT	offsetof(struct holdfast_record, checksum)
#define NANOSECONDS_MAX	999999999U
#define MODE_MAX	07777U

/**
 * holdfast_records_init() - find the table of a region
 * @records: the table
 * @region: start of the mapped region
 * @sb: its superblock, found valid; stays where it is
 */
void holdfast_records_init(struct holdfast_records *records, void *region,
			   const struct holdfast_superblock *sb)
{
	records->a = region + le64_to_cpu(sb->table_a);
	records->b = region + le64_to_cpu(sb->table_b);
	records->slots = le32_to_cpu(sb->record_slots);
	records->superblock = sb;
	records->sequence = 0;
	records->sparse = le64_to_cpu(sb->incompat) & HOLDFAST_INCOMPAT_SPARSE;
}

/**
 * holdfast_extent_fits() - does an extent lie in the data area?
 * @records: the table
 * @extent: the extent
 *
 * Return: true if it is aligned, not empty, and inside of one range.
 */
bool holdfast_extent_fits(const struct holdfast_records *records,
			  const struct holdfast_extent *extent)
{
	u64 start = le64_to_cpu(extent->region_offset);
	u64 length = le64_to_cpu(extent->length);

	return length && (start | length) % HOLDFAST_BLOCK_SIZE == 0 &&
	       holdfast_ranges_hold(records->superblock, start, length);
}

/**
 * holdfast_extents_fit() - can these be extents of a file?
 * @records: the table
 * @extents: the extents
 * @count: how many, not more than there are
 * @end: in: offset in the file that they must not start below; out: where they
 *	end
 *
 * Where files have no holes, they start at @end and follow each other.
 *
 * Return: true if they are in order and each lies in the data area.
 */
bool holdfast_extents_fit(const struct holdfast_records *records,
			  const struct holdfast_extent *extents, u32 count,
			  u64 *end)
{
	u32 i;

	for (i = 0; i < count; i++) {
		u64 at = le64_to_cpu(extents[i].file_offset);
		u64 length = le64_to_cpu(extents[i].length);

		if (!holdfast_extent_fits(records, &extents[i]) ||
		    at % HOLDFAST_BLOCK_SIZE || at < *end ||
		    (!records->sparse && at != *end) ||
		    at > HOLDFAST_FILE_MAX || length > HOLDFAST_FILE_MAX - at)
			return false;
		*end = at + length;
	}
	return true;
}

/* Leaves are in the order of what they hold; a leaf speaks for its extents. */
static bool leaves_fit(const struct holdfast_records *records,
		       const struct holdfast_record *record, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		const struct holdfast_extent *leaf = &record->extents[i];

		if (!holdfast_extent_fits(records, leaf) ||
		    le64_to_cpu(leaf->length) != HOLDFAST_LEAF_RUN ||
		    le64_to_cpu(leaf->file_offset) % HOLDFAST_BLOCK_SIZE ||
		    le64_to_cpu(leaf->file_offset) > HOLDFAST_FILE_MAX ||
		    (i && le64_to_cpu(leaf->file_offset) <=
			  le64_to_cpu(leaf[-1].file_offset)))
			return false;
	}
	return count;
}

static bool content_fits(const struct holdfast_records *records,
			 const struct holdfast_record *record)
{
	u32 count = le32_to_cpu(record->extent_count);
	u64 size = le64_to_cpu(record->size);
	u64 end = 0;

	if (count > HOLDFAST_RECORD_EXTENTS || size > HOLDFAST_FILE_MAX)
		return false;
	if (record->leaves)
		return records->sparse && le32_to_cpu(record->leaves) == 1 &&
		       leaves_fit(records, record, count);
	return holdfast_extents_fit(records, record->extents, count, &end) &&
	       (records->sparse || size <= end);
}

static bool name_fits(const struct holdfast_record *record)
{
	u32 length = le32_to_cpu(record->name_length);

	if (le64_to_cpu(record->number) == HOLDFAST_ROOT_RECORD)
		return length == 0;
	return length > 0 && length <= HOLDFAST_NAME_MAX &&
	       !memchr(record->name, '/', length) &&
	       !memchr(record->name, 0, length) &&
	       !(length == 1 && record->name[0] == '.') &&
	       !(length == 2 && !memcmp(record->name, "..", 2));
}

static bool times_fit(const struct holdfast_record *record)
{
	return le32_to_cpu(record->atime_nanoseconds) <= NANOSECONDS_MAX &&
	       le32_to_cpu(record->mtime_nanoseconds) <= NANOSECONDS_MAX &&
	       le32_to_cpu(record->ctime_nanoseconds) <= NANOSECONDS_MAX &&
	       le32_to_cpu(record->btime_nanoseconds) <= NANOSECONDS_MAX;
}

/* The root is never replaced, and nothing replaces itself. */
static bool supersedes_fits(const struct holdfast_records *records,
			    const struct holdfast_record *record)
{
	u64 dead = le64_to_cpu(record->supersedes);

	return dead == HOLDFAST_NO_RECORD ||
	       (dead < records->slots && dead != HOLDFAST_ROOT_RECORD &&
		dead != le64_to_cpu(record->number));
}

static enum holdfast_slot judge_content(const struct holdfast_records *records,
					const struct holdfast_record *record)
{
	u32 type = le32_to_cpu(record->type);

	if (type == HOLDFAST_RECORD_TYPE_FREE)
		return HOLDFAST_SLOT_FREE;
	if (type != HOLDFAST_RECORD_TYPE_DIRECTORY &&
	    type != HOLDFAST_RECORD_TYPE_FILE)
		return HOLDFAST_SLOT_DAMAGED;
	if (type == HOLDFAST_RECORD_TYPE_DIRECTORY &&
	    (record->extent_count || record->leaves || record->size))
		return HOLDFAST_SLOT_DAMAGED;
	if (le64_to_cpu(record->parent) >= records->slots ||
	    le32_to_cpu(record->mode) > MODE_MAX || !name_fits(record) ||
	    !supersedes_fits(records, record) || !times_fit(record) ||
	    !content_fits(records, record))
		return HOLDFAST_SLOT_DAMAGED;
	return HOLDFAST_SLOT_USED;
}

/*
 * Only the first fields tell an unused copy: what follows them does not matter
 * until the first commit, which overwrites it, and need not be read at mount.
 */
static bool never_written(const struct holdfast_record *record)
{
	return !record->magic && !record->checksum && !record->sequence &&
	       !record->number;
}

static enum holdfast_slot judge(const struct holdfast_records *records,
				const struct holdfast_record *record,
				u64 number)
{
	if (never_written(record))
		return HOLDFAST_SLOT_UNUSED;
	if (le32_to_cpu(record->magic) != HOLDFAST_RECORD_MAGIC ||
	    !holdfast_block_intact(record, sizeof(*record), CHECKSUM_AT) ||
	    le64_to_cpu(record->number) != number)
		return HOLDFAST_SLOT_DAMAGED;
	return judge_content(records, record);
}

static bool committed(enum holdfast_slot slot)
{
	return slot == HOLDFAST_SLOT_FREE || slot == HOLDFAST_SLOT_USED;
}

/**
 * holdfast_records_in_step() - are both copies of a record equal?
 * @records: the table
 * @number: the record
 *
 * Return: true if they are, as they must be while nothing is being stored.
 */
bool holdfast_records_in_step(const struct holdfast_records *records,
			      u64 number)
{
	return holdfast_blocks_equal(&records->a[number], &records->b[number],
				     sizeof(*records->a));
}

/**
 * holdfast_records_read() - choose between the copies of a record
 * @records: the table
 * @number: the record, below records->slots
 * @chosen: out: the copy that counts, in the region; set if the slot is used or
 *	free
 * @in_step: out: both copies are equal; set if the slot is used or free
 *
 * A torn first copy beside a second that was never written is a first commit
 * that never returned: the slot is unused. The other way round cannot come of a
 * stop.
 *
 * Return: what the slot holds.
 */
enum holdfast_slot holdfast_records_read(const struct holdfast_records *records,
					 u64 number,
					 const struct holdfast_record **chosen,
					 bool *in_step)
{
	const struct holdfast_record *a = &records->a[number];
	const struct holdfast_record *b = &records->b[number];
	enum holdfast_slot of_a = judge(records, a, number);
	enum holdfast_slot of_b;

	/* At rest the copies are equal, and one judgement is enough. */
	*in_step = committed(of_a) && holdfast_records_in_step(records, number);
	of_b = *in_step ? of_a : judge(records, b, number);
	if (committed(of_a) &&
	    (!committed(of_b) ||
	     le64_to_cpu(a->sequence) >= le64_to_cpu(b->sequence))) {
		*chosen = a;
		return of_a;
	}
	if (committed(of_b)) {
		*chosen = b;
		return of_b;
	}
	return of_b == HOLDFAST_SLOT_UNUSED ? HOLDFAST_SLOT_UNUSED :
					      HOLDFAST_SLOT_DAMAGED;
}

/**
 * holdfast_records_get() - holdfast_records_read(), whatever the other copy is
 * @records: the table
 * @number: the record, below records->slots
 * @chosen: out: the copy that counts, in the region; set if the slot is used or
 *	free
 *
 * Return: what the slot holds.
 */
enum holdfast_slot holdfast_records_get(const struct holdfast_records *records,
					u64 number,
					const struct holdfast_record **chosen)
{
	bool in_step;

	return holdfast_records_read(records, number, chosen, &in_step);
}

/**
 * holdfast_records_repair() - bring the copies of a record in step
 * @records: the table
 * @number: the record; a slot that is unused or damaged is left as it is
 */
void holdfast_records_repair(struct holdfast_records *records, u64 number)
{
	struct holdfast_record *a = &records->a[number];
	struct holdfast_record *b = &records->b[number];
	const struct holdfast_record *chosen;

	switch (holdfast_records_get(records, number, &chosen)) {
	case HOLDFAST_SLOT_FREE:
	case HOLDFAST_SLOT_USED:
		holdfast_block_store(chosen == a ? b : a, chosen,
				     sizeof(*chosen), CHECKSUM_AT);
		break;
	case HOLDFAST_SLOT_UNUSED:
	case HOLDFAST_SLOT_DAMAGED:
		break;
	}
}

/**
 * holdfast_records_commit() - store a record
 * @records: the table
 * @record: the record; gets its magic and the next sequence
 *
 * When the first copy is stored the commit has happened; the second follows so
 * that either copy can serve alone. The caller holds the lock of the table.
 */
void holdfast_records_commit(struct holdfast_records *records,
			     struct holdfast_record *record)
{
	u64 number = le64_to_cpu(record->number);

	record->magic = cpu_to_le32(HOLDFAST_RECORD_MAGIC);
	record->sequence = cpu_to_le64(++records->sequence);
	holdfast_block_store_both(&records->a[number], &records->b[number],
				  record, sizeof(*record), CHECKSUM_AT);
}
