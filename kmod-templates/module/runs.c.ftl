// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "runs.h"

/* Room that is added at a time. */
#define STEP	8U

/**
 * holdfast_runs_free() - forget all runs
 * @runs: the runs
 */
void holdfast_runs_free(struct holdfast_runs *runs)
{
	kvfree(runs->list);
	memset(runs, 0, sizeof(*runs));
}

static int set_room(struct holdfast_runs *runs, u32 room)
{
	struct holdfast_run *list;

	list = kvmalloc_array(room, sizeof(*list), GFP_NOFS);
	if (!list)
		return -ENOMEM;
	if (runs->count)
		memcpy(list, runs->list, array_size(runs->count, sizeof(*list)));
	kvfree(runs->list);
	runs->list = list;
	runs->room = room;
	return 0;
}

/**
 * holdfast_runs_copy() - copy runs
 * @copy: out: the copy; free it
 * @runs: the runs
 * @more: how many more there will be room for
 *
 * Return: 0 or -ENOMEM.
 */
int holdfast_runs_copy(struct holdfast_runs *copy,
		       const struct holdfast_runs *runs, u32 more)
{
	*copy = *runs;
	copy->list = kvmalloc_array(runs->count + more, sizeof(*copy->list),
				    GFP_NOFS);
	if (!copy->list)
		return -ENOMEM;
	copy->room = runs->count + more;
	if (runs->count)
		memcpy(copy->list, runs->list,
		       array_size(runs->count, sizeof(*copy->list)));
	return 0;
}

/**
 * holdfast_runs_find() - find a place in a file
 * @runs: the runs
 * @position: offset in the file, in bytes
 *
 * Return: index of the first run that ends behind @position; if there is none,
 * runs->count.
 */
u32 holdfast_runs_find(const struct holdfast_runs *runs, u64 position)
{
	u32 low = 0, high = runs->count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (holdfast_run_end(&runs->list[middle]) <= position)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * holdfast_runs_at() - where a byte of a file is
 * @runs: the runs
 * @position: offset in the file, in bytes
 * @length: out: bytes that follow there without a break, or length of the hole
 *
 * Return: offset in the region, in bytes, or 0 in a hole.
 */
u64 holdfast_runs_at(const struct holdfast_runs *runs, u64 position,
		     u64 *length)
{
	u32 index = holdfast_runs_find(runs, position);
	const struct holdfast_run *run;

	if (index == runs->count) {
		*length = U64_MAX - position;
		return 0;
	}
	run = &runs->list[index];
	if (run->at > position) {
		*length = run->at - position;
		return 0;
	}
	*length = holdfast_run_end(run) - position;
	return run->offset + (position - run->at);
}

/**
 * holdfast_runs_place() - what a byte of the region is in a file
 * @runs: the runs
 * @offset: offset in the region, in bytes
 * @position: out: offset in the file, in bytes
 *
 * Return: false if it is not in the file.
 */
bool holdfast_runs_place(const struct holdfast_runs *runs, u64 offset,
			 u64 *position)
{
	u32 i;

	for (i = 0; i < runs->count; i++) {
		const struct holdfast_run *run = &runs->list[i];

		if (offset >= run->offset &&
		    offset - run->offset < run->length) {
			*position = run->at + (offset - run->offset);
			return true;
		}
	}
	return false;
}

/**
 * holdfast_runs_end() - where the memory of a file ends
 * @runs: the runs
 *
 * Return: offset in the file, in bytes.
 */
u64 holdfast_runs_end(const struct holdfast_runs *runs)
{
	return runs->count ? holdfast_run_end(&runs->list[runs->count - 1]) : 0;
}

/**
 * holdfast_runs_bytes() - how much memory a file has
 * @runs: the runs
 *
 * Return: bytes.
 */
u64 holdfast_runs_bytes(const struct holdfast_runs *runs)
{
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < runs->count; i++)
		bytes += runs->list[i].length;
	return bytes;
}

static bool follows(const struct holdfast_run *run,
		    const struct holdfast_run *next)
{
	return holdfast_run_end(run) == next->at &&
	       run->offset + run->length == next->offset;
}

static int insert(struct holdfast_runs *runs, u32 index,
		  const struct holdfast_run *run)
{
	int err;

	if (runs->count == runs->room) {
		err = set_room(runs, runs->room + max(STEP, runs->room / 2));
		if (err)
			return err;
	}
	memmove(&runs->list[index + 1], &runs->list[index],
		array_size(runs->count - index, sizeof(*runs->list)));
	runs->list[index] = *run;
	runs->count++;
	return 0;
}

static void erase(struct holdfast_runs *runs, u32 index, u32 count)
{
	if (!count)
		return;
	runs->count -= count;
	memmove(&runs->list[index], &runs->list[index + count],
		array_size(runs->count - index, sizeof(*runs->list)));
}

/**
 * holdfast_runs_add() - add a run where there is a hole
 * @runs: the runs
 * @run: the run
 *
 * Return: 0 or -ENOMEM; if there was room, 0.
 */
int holdfast_runs_add(struct holdfast_runs *runs,
		      const struct holdfast_run *run)
{
	u32 index = holdfast_runs_find(runs, run->at);
	struct holdfast_run *before = index ? &runs->list[index - 1] : NULL;
	struct holdfast_run *after = index < runs->count ?
				     &runs->list[index] : NULL;

	if (after && follows(run, after)) {
		after->at = run->at;
		after->offset = run->offset;
		after->length += run->length;
		if (before && follows(before, after)) {
			before->length += after->length;
			erase(runs, index, 1);
		}
		return 0;
	}
	if (before && follows(before, run)) {
		before->length += run->length;
		return 0;
	}
	return insert(runs, index, run);
}

/* Make @position the start of a run, if it lies inside one. */
static int split(struct holdfast_runs *runs, u64 position)
{
	u32 index = holdfast_runs_find(runs, position);
	struct holdfast_run *run, tail;
	u64 head;
	int err;

	if (index == runs->count || runs->list[index].at >= position)
		return 0;
	run = &runs->list[index];
	head = position - run->at;
	tail = (struct holdfast_run) {
		.at = position,
		.offset = run->offset + head,
		.length = run->length - head,
	};
	err = insert(runs, index + 1, &tail);
	if (err)
		return err;
	runs->list[index].length = head;
	return 0;
}

/**
 * holdfast_runs_cut() - make a hole
 * @runs: the runs
 * @from: where it starts in the file, in bytes, a multiple of the block size
 * @to: where it ends
 *
 * Return: 0 or -ENOMEM; if there was room for one more, 0.
 */
int holdfast_runs_cut(struct holdfast_runs *runs, u64 from, u64 to)
{
	u32 first, last;
	int err;

	if (from >= to)
		return 0;
	err = split(runs, to);
	if (err)
		return err;
	first = holdfast_runs_find(runs, from);
	if (first < runs->count && runs->list[first].at < from) {
		struct holdfast_run *run = &runs->list[first];

		/* What is behind @to is a run of its own now. */
		run->length = from - run->at;
		first++;
	}
	last = holdfast_runs_find(runs, to);
	/* A run that starts below @to ends there at the latest. */
	erase(runs, first, last - first);
	return 0;
}

/**
 * holdfast_runs_shift() - move what follows a place in the file
 * @runs: the runs
 * @from: the place, in bytes, a multiple of the block size
 * @by: how far, in bytes; there is a hole of that length before the place if it
 *	is negative
 *
 * Return: 0 or -ENOMEM; if there was room for one more, 0.
 */
int holdfast_runs_shift(struct holdfast_runs *runs, u64 from, s64 by)
{
	u32 index, i;
	int err;

	err = split(runs, from);
	if (err)
		return err;
	index = holdfast_runs_find(runs, from);
	for (i = index; i < runs->count; i++)
		runs->list[i].at += by;
	if (index && index < runs->count &&
	    follows(&runs->list[index - 1], &runs->list[index])) {
		runs->list[index - 1].length += runs->list[index].length;
		erase(runs, index, 1);
	}
	return 0;
}
