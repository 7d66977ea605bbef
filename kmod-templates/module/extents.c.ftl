<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rbtree.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "extents.h"
#include "format.h"

struct free_run {
	struct rb_node node;
	u64 start;
	u64 length;
};

static struct free_run *run_of(struct rb_node *node)
{
	return rb_entry_safe(node, struct free_run, node);
}

static u64 run_end(const struct free_run *run)
{
	return run->start + run->length;
}

/*
 * Freeing must not fail, and a run is a few words. The file system is locked:
 * reclaim must stay out of it.
 */
static void insert_run(struct holdfast_space *space, u64 start, u64 length)
{
	struct rb_node **link = &space->runs.rb_node, *parent = NULL;
	struct free_run *run;

	run = ${object("kmalloc", "run", "GFP_NOFS | __GFP_NOFAIL")};
	run->start = start;
	run->length = length;
	while (*link) {
		parent = *link;
		link = start < run_of(parent)->start ? &parent->rb_left :
						       &parent->rb_right;
	}
	rb_link_node(&run->node, parent, link);
	rb_insert_color(&run->node, &space->runs);
}

static void erase_run(struct holdfast_space *space, struct free_run *run)
{
	rb_erase(&run->node, &space->runs);
	kfree(run);
}

/* The free run with the highest start that is not above @at. */
static struct free_run *run_below(struct holdfast_space *space, u64 at)
{
	struct rb_node *node = space->runs.rb_node;
	struct free_run *found = NULL;

	while (node) {
		struct free_run *run = run_of(node);

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
	run->length = start - run->start;
	if (!run->length)
		erase_run(space, run);
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
	space->runs = RB_ROOT;
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

	rbtree_postorder_for_each_entry_safe(run, next, &space->runs, node)
		kfree(run);
	space->runs = RB_ROOT;
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

/* First run that holds @length bytes at a multiple of @align. */
static struct free_run *first_fit(struct holdfast_space *space, u64 length,
				  u64 align, u64 *start)
{
	struct free_run *run;

	for (run = run_of(rb_first(&space->runs)); run;
	     run = run_of(rb_next(&run->node))) {
		*start = ALIGN(space->base + run->start, align) - space->base;
		if (*start + length <= run_end(run))
			return run;
	}
	return NULL;
}

static struct free_run *largest(struct holdfast_space *space)
{
	struct free_run *run, *found = NULL;

	for (run = run_of(rb_first(&space->runs)); run;
	     run = run_of(rb_next(&run->node)))
		if (!found || run->length > found->length)
			found = run;
	return found;
}

/**
 * holdfast_space_alloc() - take one run, as much of what is asked for as can be
 * @space: the space
 * @goal: offset in the region where the run would best start, or 0
 * @length: in: bytes wanted; out: bytes taken
 *
 * A run that goes on at the goal comes first, then one aligned to the largest
 * page that fits, then any that holds all of it, then the largest.
 *
 * Return: offset of the run in the region, or 0 if nothing is free.
 */
u64 holdfast_space_alloc(struct holdfast_space *space, u64 goal, u64 *length)
{
	static const u64 aligns[] = { SZ_1G, SZ_2M, HOLDFAST_BLOCK_SIZE };
	struct free_run *run = NULL;
	u64 start = goal;
	unsigned int i;

	if (holdfast_space_is_free(space, goal, *length))
		run = run_below(space, goal);
	for (i = 0; !run && i < ARRAY_SIZE(aligns); i++)
		if (*length >= aligns[i])
			run = first_fit(space, *length, aligns[i], &start);
	if (!run) {
		run = largest(space);
		if (!run)
			return 0;
		start = run->start;
		*length = run->length;
	}
	cut(space, run, start, *length);
	return start;
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
	struct free_run *above = below ? run_of(rb_next(&below->node)) :
					 run_of(rb_first(&space->runs));

	space->free += length;
	if (above && above->start == start + length) {
		length += above->length;
		erase_run(space, above);
	}
	if (below && run_end(below) == start)
		below->length += length;
	else
		insert_run(space, start, length);
}
