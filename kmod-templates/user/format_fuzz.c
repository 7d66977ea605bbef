// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing of the format rooms in user space, with libFuzzer.
 *
 * An input is a list of changes to a small region that is whole. Its first byte
 * says whether what was changed gets right checksums, and whether it keeps its
 * magic and number too: without that, nothing behind the checksum is reached.
 * Its second byte says before which store the machine stops.
 *
 * Of the table only every other slot is there. What lies between is poisoned, so
 * that who reads beyond a record is found out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sanitizer/asan_interface.h>

#include "copies.h"
#include "leaves.h"
#include "ranges.h"
#include "records.h"
#include "retired.h"
#include "superblock.h"

#define BASE	0x100000000ULL
#define SIZE	HOLDFAST_REGION_MIN_SIZE
#define SLOTS	HOLDFAST_RECORD_SLOTS_MIN
#define USED	5	/* slots that are there: 0, 2, 4, 6, 8 */
#define LEAFY	8	/* the record that has a leaf */
#define STOPS	16
#define FAR	(BASE + 0x40000000ULL)	/* where there is a further range */

#define FIX_CHECKSUM	0x01
#define FIX_IDENTITY	0x02

#define must(condition) \
	((condition) ? (void)0 : fail(__func__, __LINE__, #condition))

static void fail(const char *where, int line, const char *what)
{
	fprintf(stderr, "FAIL %s:%d: %s\n", where, line, what);
	abort();
}

/* The region, as far as its tables reach, its further range, and its one leaf. */
static u8 *region;
static u8 range[HOLDFAST_RANGE_HEADS];
static struct holdfast_extent_leaf leaf[2];
static struct holdfast_superblock first_sb;

/**
 * struct place - a block that an input can change
 * @at: where it is
 * @size: its size, in bytes
 * @checksum_at: offset of its checksum, in bytes
 * @whole: what is there at the start of each run
 * @identify: make the changed block claim to be what belongs there
 * @changed: it was changed in this run
 *
 * Both copies of a block are neighbours, the first at an even index.
 */
struct place {
	u8 *at;
	size_t size;
	size_t checksum_at;
	u8 *whole;
	void (*identify)(const struct place *place);
	bool changed;
};

static struct place places[2 + 2 * USED + 2 + 2];
static u32 place_count;

static void identify_superblock(const struct place *place)
{
	struct holdfast_superblock *sb = (void *)place->at;

	sb->magic = cpu_to_le64(HOLDFAST_SUPERBLOCK_MAGIC);
	sb->base = cpu_to_le64(BASE);
}

static void identify_record(const struct place *place)
{
	struct holdfast_record *record = (void *)place->at;
	const struct holdfast_record *whole = (void *)place->whole;

	record->magic = cpu_to_le32(HOLDFAST_RECORD_MAGIC);
	record->number = whole->number;
}

static void identify_leaf(const struct place *place)
{
	struct holdfast_extent_leaf *copy = (void *)place->at;
	const struct holdfast_extent_leaf *whole = (void *)place->whole;

	copy->magic = whole->magic;
	copy->owner = whole->owner;
	copy->generation = whole->generation;
}

static void identify_head(const struct place *place)
{
	struct holdfast_range_head *head = (void *)place->at;

	head->magic = cpu_to_le64(HOLDFAST_RANGE_MAGIC);
}

static void add_place(void *at, size_t size, size_t checksum_at,
		      void (*identify)(const struct place *place))
{
	u8 *whole = malloc(size);

	memcpy(whole, at, size);
	places[place_count++] = (struct place) {
		.at = at,
		.size = size,
		.checksum_at = checksum_at,
		.whole = whole,
		.identify = identify,
	};
}

static struct holdfast_record make_record(u64 number, u32 type,
					  const char *name)
{
	struct holdfast_record record = {
		.number = cpu_to_le64(number),
		.supersedes = cpu_to_le64(HOLDFAST_NO_RECORD),
		.type = cpu_to_le32(type),
		.mode = cpu_to_le32(0700),
		.name_length = cpu_to_le32(strlen(name)),
	};

	memcpy(record.name, name, strlen(name));
	return record;
}

static struct holdfast_record make_file(u64 number, const char *name)
{
	struct holdfast_record file =
		make_record(number, HOLDFAST_RECORD_TYPE_FILE, name);
	u32 i;

	file.size = cpu_to_le64(7000);
	file.extent_count = cpu_to_le32(2);
	for (i = 0; i < 2; i++) {
		file.extents[i].file_offset = cpu_to_le64(i * 4096);
		file.extents[i].region_offset =
			cpu_to_le64(le64_to_cpu(first_sb.data_offset) +
				    (number + i) * 8192);
		file.extents[i].length = cpu_to_le64(4096);
	}
	return file;
}

static struct holdfast_extent_leaf make_leaf(u32 count)
{
	struct holdfast_extent_leaf made = {
		.extent_count = cpu_to_le32(count),
	};
	u32 i;

	for (i = 0; i < count; i++) {
		made.extents[i].file_offset = cpu_to_le64(i * 8192ULL);
		made.extents[i].region_offset = first_sb.data_offset;
		made.extents[i].length = cpu_to_le64(4096);
	}
	return made;
}

/* A file whose extents are in the leaf. */
static struct holdfast_record make_leafy(void)
{
	struct holdfast_record file = make_file(LEAFY, "leafy");

	file.leaves = cpu_to_le32(1);
	file.extent_count = cpu_to_le32(1);
	file.extents[0].length = cpu_to_le64(HOLDFAST_LEAF_RUN);
	memset(&file.extents[1], 0, sizeof(file.extents[1]));
	return file;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *input, size_t length);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct holdfast_records records;
	struct holdfast_extent_leaf filled;
	struct holdfast_range_head head;
	struct holdfast_record made[USED];
	u32 i;

	(void)argc;
	(void)argv;
	holdfast_superblock_init(&first_sb, BASE, SIZE, SLOTS);
	first_sb.incompat |= cpu_to_le64(HOLDFAST_INCOMPAT_SPARSE);
	holdfast_ranges_start(&first_sb, 0);
	holdfast_ranges_add(&first_sb, FAR, SIZE, 1);
	region = calloc(1, le64_to_cpu(first_sb.data_offset));
	holdfast_superblock_commit(region, &first_sb);
	holdfast_records_init(&records, region, &first_sb);
	made[0] = make_record(0, HOLDFAST_RECORD_TYPE_DIRECTORY, "");
	made[1] = make_record(2, HOLDFAST_RECORD_TYPE_DIRECTORY, "directory");
	made[2] = make_file(4, "file");
	made[3] = make_record(6, HOLDFAST_RECORD_TYPE_FREE, "");
	made[4] = make_leafy();

	for (i = 0; i < 2; i++)
		add_place(region + i * HOLDFAST_SUPERBLOCK_COPY_STRIDE,
			  sizeof(first_sb),
			  offsetof(struct holdfast_superblock, checksum),
			  identify_superblock);
	for (i = 0; i < USED; i++) {
		holdfast_records_commit(&records, &made[i]);
		add_place(&records.a[2 * i], sizeof(*made),
			  offsetof(struct holdfast_record, checksum),
			  identify_record);
		add_place(&records.b[2 * i], sizeof(*made),
			  offsetof(struct holdfast_record, checksum),
			  identify_record);
	}
	filled = make_leaf(HOLDFAST_LEAF_EXTENTS);
	holdfast_leaf_store(leaf, &filled, &made[4]);
	for (i = 0; i < 2; i++)
		add_place(&leaf[i], sizeof(*leaf),
			  offsetof(struct holdfast_extent_leaf, checksum),
			  identify_leaf);
	holdfast_range_head_store(range, &head, &first_sb, FAR, SIZE);
	for (i = 0; i < 2; i++)
		add_place(range + i * HOLDFAST_SUPERBLOCK_COPY_STRIDE,
			  sizeof(head),
			  offsetof(struct holdfast_range_head, checksum),
			  identify_head);
	for (i = 0; i < USED; i++) {
		ASAN_POISON_MEMORY_REGION(&records.a[2 * i + 1], sizeof(*made));
		ASAN_POISON_MEMORY_REGION(&records.b[2 * i + 1], sizeof(*made));
	}
	return 0;
}

/* The input, eaten from its front; zeros follow its end. */
struct meal {
	const u8 *at;
	size_t left;
};

static u32 eat(struct meal *meal, u32 bytes)
{
	u32 value = 0, i;

	for (i = 0; i < bytes; i++) {
		value = value << 8 | (meal->left ? *meal->at : 0);
		if (meal->left) {
			meal->at++;
			meal->left--;
		}
	}
	return value;
}

/* Makes a record a file of @count pages, each an extent of its own. */
static void lay_out(const struct place *place, u32 count)
{
	struct holdfast_record *record = (void *)place->at;
	u32 i;

	if (place->identify != identify_record)
		return;
	record->type = cpu_to_le32(HOLDFAST_RECORD_TYPE_FILE);
	record->extent_count = cpu_to_le32(count);
	for (i = 0; i < count && i < HOLDFAST_RECORD_EXTENTS; i++) {
		record->extents[i].file_offset = cpu_to_le64(i * 4096);
		record->extents[i].region_offset =
			cpu_to_le64(le64_to_cpu(first_sb.data_offset) + i * 8192);
		record->extents[i].length = cpu_to_le64(4096);
	}
}

enum change {
	CHANGE_BYTES,
	CHANGE_START,
	CHANGE_END,
	CHANGE_ZERO,
	CHANGE_EXTENTS,
	CHANGES
};

static void change(struct meal *meal)
{
	u32 index = eat(meal, 1) % place_count;
	struct place *place = &places[index], *other = &places[index ^ 1];
	u32 kind = eat(meal, 1), count = kind / CHANGES;
	size_t at = eat(meal, 2) % place->size;

	place->changed = true;
	switch (kind % CHANGES) {
	case CHANGE_BYTES:
		for (; count && at < place->size; count--)
			place->at[at++] = eat(meal, 1);
		break;
	case CHANGE_START: /* torn: the start is that of the other copy */
		memcpy(place->at, other->at, at);
		break;
	case CHANGE_END:
		memcpy(place->at + at, other->at + at, place->size - at);
		break;
	case CHANGE_ZERO:
		memset(place->at, 0, place->size);
		break;
	case CHANGE_EXTENTS:
		lay_out(place, eat(meal, 1));
		break;
	}
}

static void make_region(struct meal *meal, u32 options)
{
	u32 i;

	for (i = 0; i < place_count; i++) {
		memcpy(places[i].at, places[i].whole, places[i].size);
		places[i].changed = false;
	}
	while (meal->left)
		change(meal);
	for (i = 0; i < place_count; i++) {
		const struct place *place = &places[i];
		__le32 *checksum = (__le32 *)(place->at + place->checksum_at);

		if (!place->changed)
			continue;
		if (options & FIX_IDENTITY)
			place->identify(place);
		if (options & FIX_CHECKSUM)
			*checksum = cpu_to_le32(holdfast_block_checksum(place->at,
					place->size, place->checksum_at));
	}
}

/* Does @act, but stops before a store. Returns whether it came to that. */
static bool stopped(long before, void (*act)(void *with), void *with)
{
	volatile bool early = true;

	format_stores_left = before;
	if (!setjmp(format_stop)) {
		act(with);
		early = false;
	}
	format_stores_left = -1;
	return early;
}

static void commit_superblock(void *sb)
{
	holdfast_superblock_commit(region, sb);
}

static void superblock_makes_sense(const struct holdfast_superblock *sb)
{
	u64 slots = le32_to_cpu(sb->record_slots);
	u64 table = slots * sizeof(struct holdfast_record);
	u64 a = le64_to_cpu(sb->table_a), b = le64_to_cpu(sb->table_b);
	u64 data = le64_to_cpu(sb->data_offset), size = le64_to_cpu(sb->size);

	must(!holdfast_unknown_incompat(sb));
	must(le64_to_cpu(sb->base) == BASE);
	must(slots >= SLOTS && size >= SIZE && BASE + size > BASE);
	must(a >= HOLDFAST_SUPERBLOCK_COPY_STRIDE + sizeof(*sb));
	must(b >= a + table && data >= b + table && data < size);
	must(memchr(sb->label, 0, sizeof(sb->label)));
	must(memchr(sb->writer_release, 0, sizeof(sb->writer_release)));
}

/* How much data there can be in the further ranges, in bytes. */
static u64 ranges_make_sense(const struct holdfast_superblock *sb)
{
	u64 end = BASE + le64_to_cpu(sb->size), bytes = 0;
	u32 count = holdfast_ranges_count(sb), i, j;

	must(count <= HOLDFAST_RANGES_MAX);
	for (i = 0; i < count; i++) {
		u64 start = le64_to_cpu(sb->ranges[i].physical);
		u64 size = le64_to_cpu(sb->ranges[i].size);

		must(start >= end && size >= HOLDFAST_REGION_ALIGN);
		must((start | size) % HOLDFAST_REGION_ALIGN == 0);
		must(start + size > start);
		for (j = 0; j < i; j++)
			must(start >= le64_to_cpu(sb->ranges[j].physical) +
				      le64_to_cpu(sb->ranges[j].size) ||
			     start + size <=
				      le64_to_cpu(sb->ranges[j].physical));
		bytes += size - HOLDFAST_RANGE_DATA_OFFSET;
		must(holdfast_ranges_have(sb, start - BASE));
		must(!holdfast_ranges_hold(sb, start - BASE, 4096));
		must(holdfast_ranges_hold(sb, start + size - BASE - 4096, 4096));
		must(!holdfast_ranges_fit(sb, start, size));
	}
	return bytes;
}

static bool in_one_range(const struct holdfast_superblock *sb, u64 start,
			 u64 length)
{
	u64 from = le64_to_cpu(sb->data_offset), to = le64_to_cpu(sb->size);
	u32 i;

	for (i = 0; i <= holdfast_ranges_count(sb); i++) {
		if (i) {
			from = le64_to_cpu(sb->ranges[i - 1].physical) - BASE +
			       HOLDFAST_RANGE_DATA_OFFSET;
			to = le64_to_cpu(sb->ranges[i - 1].physical) - BASE +
			     le64_to_cpu(sb->ranges[i - 1].size);
		}
		if (start >= from && start < to && length <= to - start)
			return true;
	}
	return false;
}

/* A page more is retired, and no other. */
static void retired_hold(const struct holdfast_superblock *sb)
{
	u64 data = le64_to_cpu(sb->data_offset), size = le64_to_cpu(sb->size);
	u64 further = ranges_make_sense(sb);
	u64 page = data + le64_to_cpu(sb->generation) %
			  ((size - data) / HOLDFAST_BLOCK_SIZE) *
			  HOLDFAST_BLOCK_SIZE;
	u64 at = holdfast_retired_next(sb, 0, ~0ULL);
	u64 bytes = holdfast_retired_bytes(sb);
	struct holdfast_superblock next = *sb;

	must(bytes <= size - data + further);
	must((at < ~0ULL) == (bytes > 0));
	must(!bytes || in_one_range(sb, at, HOLDFAST_BLOCK_SIZE));
	if (holdfast_retired_next(sb, page, page + 1) == page)
		return;
	if (!holdfast_retired_add(&next, page)) {
		must(le32_to_cpu(sb->retired_count) == HOLDFAST_RETIRED_RUNS);
		return;
	}
	must(holdfast_retired_valid(&next));
	must(holdfast_retired_bytes(&next) == bytes + HOLDFAST_BLOCK_SIZE);
	must(holdfast_retired_next(&next, page, size) == page);
}

/* Returns whether the region can be used. */
static bool superblocks_hold(long stop, struct holdfast_superblock *sb)
{
	struct holdfast_superblock next, after;
	enum holdfast_verdict verdict;
	u32 bad = 9;
	bool early;

	verdict = holdfast_superblock_find(region, BASE, sb, &bad);
	must(bad <= 2);
	must((bad == 2) == (verdict == HOLDFAST_ABSENT ||
			    verdict == HOLDFAST_DAMAGED));
	if (verdict != HOLDFAST_VALID)
		return false;
	superblock_makes_sense(sb);
	retired_hold(sb);

	next = *sb;
	next.label[0] = ~next.label[0];
	early = stopped(stop, commit_superblock, &next);
	verdict = holdfast_superblock_find(region, BASE, &after, &bad);
	must(verdict == HOLDFAST_VALID);
	must(early || bad == 0);
	if (!early || after.label[0] == next.label[0])
		must(after.label[0] == next.label[0] &&
		     after.generation == next.generation);
	else
		must(!memcmp(&after, sb, sizeof(after)));
	/* The tables are as large as the first superblock made them. */
	return le32_to_cpu(sb->record_slots) == SLOTS;
}

/* Extents as others rely on them: in order, and each in the data area. */
static void extents_make_sense(const struct holdfast_records *records,
			       const struct holdfast_extent *extents, u32 count)
{
	u64 end = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		u64 at = le64_to_cpu(extents[i].file_offset);
		u64 start = le64_to_cpu(extents[i].region_offset);
		u64 length = le64_to_cpu(extents[i].length);

		must(length && in_one_range(records->superblock, start, length));
		must((at | start | length) % HOLDFAST_BLOCK_SIZE == 0);
		must(at >= end && at <= HOLDFAST_FILE_MAX);
		end = at + length;
		must(end <= HOLDFAST_FILE_MAX);
	}
}

/* Leaves are named in the order of what they hold, which may be little. */
static void leaves_make_sense(const struct holdfast_records *records,
			      const struct holdfast_record *record, u32 count)
{
	u32 i;

	must(count);
	for (i = 0; i < count; i++) {
		struct holdfast_extent leaf = record->extents[i];

		must(le64_to_cpu(leaf.length) == HOLDFAST_LEAF_RUN);
		must(!i || le64_to_cpu(leaf.file_offset) >
			   le64_to_cpu(record->extents[i - 1].file_offset));
		must(le64_to_cpu(leaf.file_offset) <= HOLDFAST_FILE_MAX);
		leaf.file_offset = 0;
		extents_make_sense(records, &leaf, 1);
	}
}

/* What others rely on when they are handed a record. */
static void record_makes_sense(const struct holdfast_records *records,
			       const struct holdfast_record *record, u64 number)
{
	u32 length = le32_to_cpu(record->name_length);
	u32 count = le32_to_cpu(record->extent_count);
	u32 type = le32_to_cpu(record->type);

	must(le64_to_cpu(record->number) == number);
	must(type == HOLDFAST_RECORD_TYPE_FILE ||
	     type == HOLDFAST_RECORD_TYPE_DIRECTORY);
	must(le32_to_cpu(record->mode) <= 07777);
	must(le64_to_cpu(record->parent) < SLOTS);
	must(le64_to_cpu(record->supersedes) == HOLDFAST_NO_RECORD ||
	     le64_to_cpu(record->supersedes) < SLOTS);
	must(length <= HOLDFAST_NAME_MAX && length < sizeof(record->name));
	must(!length == (number == HOLDFAST_ROOT_RECORD));
	must(!memchr(record->name, '/', length));
	must(strnlen(record->name, length) == length);
	must(le64_to_cpu(record->size) <= HOLDFAST_FILE_MAX);
	must(count <= HOLDFAST_RECORD_EXTENTS);
	must(type == HOLDFAST_RECORD_TYPE_FILE ||
	     (!count && !record->leaves && !record->size));
	must(records->sparse || !record->leaves);
	if (record->leaves)
		leaves_make_sense(records, record, count);
	else
		extents_make_sense(records, record->extents, count);
}

struct slot {
	struct holdfast_records *records;
	u64 number;
	enum holdfast_slot holds;
	struct holdfast_record record;
};

/* What the slot holds; of a slot that nobody uses, the record is all zeros. */
static struct slot look(struct holdfast_records *records, u64 number)
{
	struct slot slot = { .records = records, .number = number };
	const struct holdfast_record *chosen = NULL;

	slot.holds = holdfast_records_get(records, number, &chosen);
	if (slot.holds == HOLDFAST_SLOT_USED ||
	    slot.holds == HOLDFAST_SLOT_FREE) {
		must(chosen == &records->a[number] ||
		     chosen == &records->b[number]);
		slot.record = *chosen;
	}
	if (slot.holds == HOLDFAST_SLOT_USED)
		record_makes_sense(records, chosen, number);
	return slot;
}

static bool same(const struct slot *one, const struct slot *other)
{
	return one->holds == other->holds &&
	       !memcmp(&one->record, &other->record, sizeof(one->record));
}

static void repair(void *with)
{
	struct slot *slot = with;

	holdfast_records_repair(slot->records, slot->number);
}

static void repair_holds(const struct slot *before, long stop)
{
	struct slot after, with = *before;
	bool early = stopped(stop, repair, &with);

	after = look(before->records, before->number);
	must(same(before, &after));
	must(early || before->holds == HOLDFAST_SLOT_UNUSED ||
	     before->holds == HOLDFAST_SLOT_DAMAGED ||
	     holdfast_records_in_step(before->records, before->number));
	repair(&with);
}

static void commit(void *with)
{
	struct slot *slot = with;

	holdfast_records_commit(slot->records, &slot->record);
}

static void commit_holds(const struct slot *before, long stop)
{
	struct slot after, next = *before;
	bool early;

	if (before->number == HOLDFAST_ROOT_RECORD)
		next.record = make_record(0, HOLDFAST_RECORD_TYPE_DIRECTORY, "");
	else
		next.record = make_file(before->number, "next");
	next.holds = HOLDFAST_SLOT_USED;
	early = stopped(stop, commit, &next);

	after = look(before->records, before->number);
	next.record.checksum = after.record.checksum;
	must(same(&after, &next) || (early && same(&after, before)));
	must(early ||
	     holdfast_records_in_step(before->records, before->number));
}

/* What is in the leaf, or a leaf of zeros if it cannot be used. */
static struct holdfast_extent_leaf look_in(const struct holdfast_records *records,
					   const struct holdfast_record *owner)
{
	struct holdfast_extent_leaf content = { 0 };
	const struct holdfast_extent_leaf *chosen;

	chosen = holdfast_leaf_get(records, leaf, owner);
	if (!chosen)
		return content;
	must(chosen == &leaf[0] || chosen == &leaf[1]);
	must(chosen->owner == owner->number);
	must(chosen->generation == owner->generation);
	must(le32_to_cpu(chosen->extent_count) <= HOLDFAST_LEAF_EXTENTS);
	extents_make_sense(records, chosen->extents,
			   le32_to_cpu(chosen->extent_count));
	return *chosen;
}

static void repair_leaf(void *with)
{
	const struct slot *slot = with;

	holdfast_leaf_repair(slot->records, leaf, &slot->record);
}

static void leaf_holds(const struct slot *slot, long stop)
{
	struct holdfast_extent_leaf before, after;
	struct slot with = *slot;
	bool early;

	if (slot->holds != HOLDFAST_SLOT_USED)
		return;
	before = look_in(slot->records, &slot->record);
	early = stopped(stop, repair_leaf, &with);
	after = look_in(slot->records, &slot->record);
	must(!memcmp(&before, &after, sizeof(after)));
	must(early || !before.magic || holdfast_leaf_in_step(leaf));
}

static void records_hold(const struct holdfast_superblock *sb, long stop)
{
	struct holdfast_records records;
	struct slot slots[USED];
	u32 i;

	holdfast_records_init(&records, region, sb);
	for (i = 0; i < USED; i++) {
		slots[i] = look(&records, 2 * i);
		if (records.sequence < le64_to_cpu(slots[i].record.sequence))
			records.sequence = le64_to_cpu(slots[i].record.sequence);
	}
	leaf_holds(&slots[LEAFY / 2], stop);
	for (i = 0; i < USED; i++) {
		/* Whole slots hold: format_test.c saw to that. */
		if (!places[2 + 2 * i].changed && !places[3 + 2 * i].changed)
			continue;
		repair_holds(&slots[i], stop);
		/* The kernel never gives a damaged slot away. */
		if (slots[i].holds != HOLDFAST_SLOT_DAMAGED)
			commit_holds(&slots[i], stop);
	}
}

static void repair_head(void *with)
{
	(void)with;
	holdfast_range_head_repair(range);
}

/* What a range says of itself stays so while its other copy is repaired. */
static void head_holds(const struct holdfast_superblock *sb, long stop)
{
	const struct holdfast_range listed = {
		.physical = cpu_to_le64(FAR),
		.size = cpu_to_le64(SIZE),
	};
	bool before = holdfast_range_head_ours(range, sb, &listed);
	bool early;

	must(!before || holdfast_range_head_seen(range));
	early = stopped(stop, repair_head, NULL);
	must(holdfast_range_head_ours(range, sb, &listed) == before);
	must(early || !before || holdfast_range_head_in_step(range));
}

int LLVMFuzzerTestOneInput(const u8 *input, size_t length)
{
	struct meal meal = { .at = input, .left = length };
	struct holdfast_superblock sb;
	u32 options = eat(&meal, 1);
	long stop = eat(&meal, 1) % STOPS;

	make_region(&meal, options);
	if (superblocks_hold(stop, &sb))
		records_hold(&sb, stop);
	head_holds(&first_sb, stop);
	return 0;
}
