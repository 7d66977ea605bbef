<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rbtree.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "extents.h"
#include "format.h"

/* Short runs that are looked at before one is taken that is longer by a page. */
#define TRIES	64

static const u64 pages[] = { SZ_1G, SZ_2M, HOLDFAST_BLOCK_SIZE };

struct free_run {
	struct rb_node by_start;
	struct rb_node by_length;
	u64 start;
	u64 length;
};

static struct free_run *at_start(struct rb_node *node)
{
	return rb_entry_safe(node, struct free_run, by_start);
}

static struct free_run *of_length(struct rb_node *node)
{
	return rb_entry_safe(node, struct free_run, by_length);
}

static u64 run_end(const struct free_run *run)
{
	return run->start + run->length;
}

static bool starts_below(struct rb_node *node, const struct rb_node *other)
{
	return rb_entry(node, struct free_run, by_start)->start <
	       rb_entry(other, struct free_run, by_start)->start;
}

static bool is_shorter(struct rb_node *node, const struct rb_node *other)
{
	const struct free_run *run = of_length(node);
	const struct free_run *than = rb_entry(other, struct free_run,
					       by_length);

	return run->length < than->length ||
	       (run->length == than->length && run->start < than->start);
}

static void link_length(struct holdfast_space *space, struct free_run *run)
{
	rb_add(&run->by_length, &space->by_length, is_shorter);
}

static void set_length(struct holdfast_space *space, struct free_run *run,
		       u64 length)
{
	rb_erase(&run->by_length, &space->by_length);
	run->length = length;
	link_length(space, run);
}

/*
 * Freeing must not fail, and a run is a few words. The file system is locked:
 * reclaim must stay out of it.
 */
static void insert_run(struct holdfast_space *space, u64 start, u64 length)
{
	struct free_run *run;

	run = ${object("kmalloc", "run", "GFP_NOFS | __GFP_NOFAIL")};
	run->start = start;
	run->length = length;
	rb_add(&run->by_start, &space->by_start, starts_below);
	link_length(space, run);
}

static void erase_run(struct holdfast_space *space, struct free_run *run)
{
	rb_erase(&run->by_start, &space->by_start);
	rb_erase(&run->by_length, &space->by_length);
	kfree(run);
}

/* The free run with the highest start that is not above @at. */
static struct free_run *run_below(struct holdfast_space *space, u64 at)
{
	struct rb_node *node = space->by_start.rb_node;
	struct free_run *found = NULL;

	while (node) {
		struct free_run *run = at_start(node);

		if (run->start <= at) {
			found = run;
			node = node->rb_right;
		} else {
			node = node->rb_left;
		}
	}
	return found;
}

/* Cut [start, start + length) out of a free run that holds it. */
static void cut(struct holdfast_space *space, struct free_run *run, u64 start,
		u64 length)
{
	u64 tail = run_end(run) - (start + length);

	space->free -= length;
	if (start == run->start)
		erase_run(space, run);
	else
		set_length(space, run, start - run->start);
	if (tail)
		insert_run(space, start + length, tail);
}

/**
 * holdfast_space_init() - make a whole data area free
 * @space: the space
 * @base: physical address of the region, in bytes
 * @start: offset of the data area in the region, in bytes
 * @end: offset of its end, in bytes
 */
void holdfast_space_init(struct holdfast_space *space, u64 base, u64 start,
			 u64 end)
{
	space->by_start = RB_ROOT;
	space->by_length = RB_ROOT;
	space->base = base;
	space->total = end - start;
	space->free = space->total;
	insert_run(space, start, end - start);
}

/**
 * holdfast_space_destroy() - forget everything
 * @space: the space, or one that is all zeros
 */
void holdfast_space_destroy(struct holdfast_space *space)
{
	struct free_run *run, *next;

	rbtree_postorder_for_each_entry_safe(run, next, &space->by_start,
					     by_start)
		kfree(run);
	space->by_start = RB_ROOT;
	space->by_length = RB_ROOT;
}

/**
 * holdfast_space_is_free() - can a given run be taken?
 * @space: the space
 * @start: offset of the run in the region, in bytes; 0 is never free
 * @length: its length, in bytes
 *
 * Return: true if all of it is free.
 */
bool holdfast_space_is_free(struct holdfast_space *space, u64 start, u64 length)
{
	struct free_run *run = run_below(space, start);

	return run && run_end(run) >= start + length;
}

/**
 * holdfast_space_take() - take a given run
 * @space: the space
 * @start: offset of the run in the region, in bytes
 * @length: its length, in bytes
 *
 * Return: 0, or -EEXIST if not all of it is free.
 */
int holdfast_space_take(struct holdfast_space *space, u64 start, u64 length)
{
	if (!holdfast_space_is_free(space, start, length))
		return -EEXIST;
	cut(space, run_below(space, start), start, length);
	return 0;
}

/* First place in a run that is at @phase in a page of size @page. */
static u64 first_place(const struct holdfast_space *space,
		       const struct free_run *run, u64 page, u64 phase)
{
	u64 into = (space->base + run->start - phase) & (page - 1);

	return into ? run->start + page - into : run->start;
}

/* The shortest run of at least @length bytes, and of those the first. */
static struct free_run *shortest(const struct holdfast_space *space, u64 length)
{
	struct rb_node *node = space->by_length.rb_node;
	struct free_run *found = NULL;

	while (node) {
		struct free_run *run = of_length(node);

		if (run->length >= length) {
			found = run;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/*
 * A short run that holds all of it in the right place: what is whole and large
 * stays so as long as there is something smaller. One that is longer by a page
 * always has the place, so that the search ends.
 */
static struct free_run *best_fit(const struct holdfast_space *space, u64 page,
				 u64 phase, u64 length, u64 *start)
{
	struct free_run *run = shortest(space, length);
	unsigned int tries;

	for (tries = 0; run && tries < TRIES; tries++) {
		*start = first_place(space, run, page, phase);
		if (*start + length <= run_end(run))
			return run;
		run = of_length(rb_next(&run->by_length));
	}
	run = shortest(space, length + page - HOLDFAST_BLOCK_SIZE);
	if (run)
		*start = first_place(space, run, page, phase);
	return run;
}

static struct free_run *longest(const struct holdfast_space *space)
{
	return of_length(rb_last(&space->by_length));
}

/* As much as one run can give, in the right place if it has one. */
static struct free_run *largest_part(const struct holdfast_space *space,
				     const struct holdfast_wish *wish,
				     u64 *start, u64 *length)
{
	struct free_run *run = longest(space);
	unsigned int i;

	if (!run)
		return NULL;
	*start = run->start;
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		u64 place = first_place(space, run, pages[i],
					wish->phase & (pages[i] - 1));

		if (pages[i] <= wish->page && place + pages[i] <= run_end(run)) {
			*start = place;
			break;
		}
	}
	*length = min(*length, run_end(run) - *start);
	return run;
}

/**
 * holdfast_space_alloc() - take one run, as much of what is asked for as can be
 * @space: the space
 * @wish: where it would best be
 * @length: in: bytes wanted; out: bytes taken
 *
 * A run that goes on at the goal comes first, then one that can be mapped with
 * the largest page, then with a smaller one, then as much as can be had.
 *
 * Return: offset of the run in the region, or 0 if nothing is free.
 */
u64 holdfast_space_alloc(struct holdfast_space *space,
			 const struct holdfast_wish *wish, u64 *length)
{
	struct free_run *run = NULL;
	u64 start = wish->goal;
	unsigned int i;

	if (holdfast_space_is_free(space, wish->goal, *length))
		run = run_below(space, wish->goal);
	for (i = 0; !run && i < ARRAY_SIZE(pages); i++)
		if (pages[i] <= wish->page)
			run = best_fit(space, pages[i],
				       wish->phase & (pages[i] - 1), *length,
				       &start);
	if (!run)
		run = largest_part(space, wish, &start, length);
	if (!run)
		return 0;
	cut(space, run, start, *length);
	return start;
}

/**
 * holdfast_space_largest() - the largest run that is free
 * @space: the space
 *
 * Return: its length, in bytes.
 */
u64 holdfast_space_largest(const struct holdfast_space *space)
{
	const struct free_run *run = longest(space);

	return run ? run->length : 0;
}

/**
 * holdfast_space_free() - give a run back
 * @space: the space
 * @start: offset of the run in the region, in bytes
 * @length: its length, in bytes; the run is not free
 */
void holdfast_space_free(struct holdfast_space *space, u64 start, u64 length)
{
	struct free_run *below = run_below(space, start);
	struct free_run *above = below ?
				 at_start(rb_next(&below->by_start)) :
				 at_start(rb_first(&space->by_start));

	space->free += length;
	if (above && above->start == start + length) {
		length += above->length;
		erase_run(space, above);
	}
	if (below && run_end(below) == start)
		set_length(space, below, below->length + length);
	else
		insert_run(space, start, length);
}
