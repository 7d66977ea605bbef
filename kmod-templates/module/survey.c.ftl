// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the record table is much of a mount: each copy of each record is
 * looked at as a whole. Records are judged one by one, so that all processors
 * can help.
 */
#include <linux/async.h>
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/math.h>
#include <linux/sched.h>

#include "survey.h"

/* So many are judged at a time; smaller tables are not worth a second thread. */
#define SHARE	1024U

/**
 * struct survey - a table that is being judged
 * @records: the table
 * @found: what is found, for each slot
 * @next: the next share that nobody has taken
 */
struct survey {
	const struct holdfast_records *records;
	u8 *found;
	atomic_t next;
};

static u8 judge(const struct holdfast_records *records, u64 number)
{
	const struct holdfast_record *record;
	enum holdfast_slot slot;
	bool in_step;
	u8 found;

	slot = holdfast_records_read(records, number, &record, &in_step);
	found = slot;
	if (slot != HOLDFAST_SLOT_USED && slot != HOLDFAST_SLOT_FREE)
		return found;
	if (record == &records->b[number])
		found |= HOLDFAST_FOUND_SECOND;
	if (!in_step)
		found |= HOLDFAST_FOUND_UNEVEN;
	if (le64_to_cpu(record->supersedes) != HOLDFAST_NO_RECORD)
		found |= HOLDFAST_FOUND_SUPERSEDES;
	return found;
}

static void judge_shares(void *context, async_cookie_t cookie)
{
	struct survey *survey = context;
	u32 slots = survey->records->slots;
	u32 shares = DIV_ROUND_UP(slots, SHARE), share;
	u64 number, end;

	for (;;) {
		share = atomic_fetch_inc(&survey->next);
		if (share >= shares)
			return;
		end = min_t(u64, slots, (u64)(share + 1) * SHARE);
		for (number = (u64)share * SHARE; number < end; number++)
			survey->found[number] = judge(survey->records, number);
		cond_resched();
	}
}

/**
 * holdfast_survey() - judge all records of a table, on all processors
 * @records: the table; nothing is being stored in it
 * @found: out: for each slot its enum holdfast_slot, and HOLDFAST_FOUND_ bits if
 *	it is used or free
 */
void holdfast_survey(const struct holdfast_records *records, u8 *found)
{
	ASYNC_DOMAIN_EXCLUSIVE(domain);
	u32 threads = min_t(u32, num_online_cpus(), records->slots / SHARE);
	struct survey survey = { .records = records, .found = found };

	while (threads-- > 1)
		async_schedule_domain(judge_shares, &survey, &domain);
	judge_shares(&survey, 0);
	async_synchronize_full_domain(&domain);
}

/**
 * holdfast_found_record() - the copy of a record that counts
 * @records: the table
 * @number: a slot that is used or free
 * @found: what was found there
 *
 * Return: the copy, in the region.
 */
const struct holdfast_record *
holdfast_found_record(const struct holdfast_records *records, u64 number,
		      u8 found)
{
	return found & HOLDFAST_FOUND_SECOND ? &records->b[number] :
					       &records->a[number];
}
