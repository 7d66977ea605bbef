<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rbtree_augmented.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "extents.h"
#include "format.h"
#include "retired.h"
#include "watch.h"

/* Runs that are looked at before one is taken that is longer by a page. */
#define TRIES	64

static const u64 pages[] = { SZ_1G, SZ_2M, HOLDFAST_BLOCK_SIZE };

struct free_run {
	struct rb_node node;
	u64 start;
	u64 length;
	u64 longest; /* of it and those below it in the tree */
};

#define length_of(run)	((run)->length)
RB_DECLARE_CALLBACKS_MAX(static, keep_longest, struct free_run, node, u64,
			 longest, length_of)

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
static void insert_run(struct holdfast_pool *pool, u64 start, u64 length)
{
	struct rb_node **link = &pool->runs.rb_node, *parent = NULL;
	struct free_run *run;

	run = ${object("kmalloc", "run", "GFP_NOFS | __GFP_NOFAIL")};
	run->start = start;
	run->length = length;
	run->longest = length;
	while (*link) {
		parent = *link;
		link = start < run_of(parent)->start ? &parent->rb_left :
						       &parent->rb_right;
	}
	rb_link_node(&run->node, parent, link);
	keep_longest.propagate(parent, NULL);
	rb_insert_augmented(&run->node, &pool->runs, &keep_longest);
}

static void erase_run(struct holdfast_pool *pool, struct free_run *run)
{
	rb_erase_augmented(&run->node, &pool->runs, &keep_longest);
	kfree(run);
}

/* It stays where it is among the others. */
static void resize_run(struct free_run *run, u64 start, u64 length)
{
	run->start = start;
	run->length = length;
	keep_longest.propagate(&run->node, NULL);
}

/* The free run with the highest start that is not above @at. */
static struct free_run *run_below(const struct holdfast_pool *pool, u64 at)
{
	struct rb_node *node = pool->runs.rb_node;
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

/* The pool that has the data at @at, or NULL. */
static struct holdfast_pool *pool_of(struct holdfast_space *space, u64 at)
{
	struct holdfast_pool *pool = space->pools;

	for (; pool < space->pools + space->count; pool++)
		if (at >= pool->start && at < pool->end)
			return pool;
	return NULL;
}

/* Cut [start, start + length) out of a free run that holds it. */
static void cut(struct holdfast_space *space, struct holdfast_pool *pool,
		struct free_run *run, u64 start, u64 length)
{
	u64 tail = run_end(run) - (start + length);

	space->free -= length;
	pool->free -= length;
	if (start > run->start) {
		resize_run(run, run->start, start - run->start);
		if (tail)
			insert_run(pool, start + length, tail);
	} else if (tail) {
		resize_run(run, start + length, tail);
	} else {
		erase_run(pool, run);
	}
}

/**
 * holdfast_space_add() - make the data area of a range free
 * @space: the space, which has room for it
 * @start: offset of the data area in the region, in bytes
 * @end: offset of its end, in bytes
 * @node: NUMA node that it is on
 */
void holdfast_space_add(struct holdfast_space *space, u64 start, u64 end,
			u32 node)
{
	struct holdfast_pool *pool = &space->pools[space->count++];

	*pool = (struct holdfast_pool) {
		.runs = RB_ROOT,
		.start = start,
		.end = end,
		.free = end - start,
		.node = node,
	};
	insert_run(pool, start, end - start);
	space->total += end - start;
	space->free += end - start;
}

/**
 * holdfast_space_destroy() - forget everything
 * @space: the space, or one that is all zeros
 */
void holdfast_space_destroy(struct holdfast_space *space)
{
	struct free_run *run, *next;
	u32 i;

	for (i = 0; i < space->count; i++)
		rbtree_postorder_for_each_entry_safe(run, next,
						     &space->pools[i].runs,
						     node)
			kfree(run);
	space->count = 0;
}

/* The free run that holds all of a given one, or NULL. */
static struct free_run *run_with(struct holdfast_pool *pool, u64 start,
				 u64 length)
{
	struct free_run *run = pool ? run_below(pool, start) : NULL;

	return run && run_end(run) >= start + length ? run : NULL;
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
	return run_with(pool_of(space, start), start, length);
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
	struct holdfast_pool *pool = pool_of(space, start);
	struct free_run *run = run_with(pool, start, length);

	if (!run)
		return -EEXIST;
	cut(space, pool, run, start, length);
	return 0;
}

/* First place in a run that is at @phase in a page of size @page. */
static u64 first_place(const struct holdfast_space *space,
		       const struct free_run *run, u64 page, u64 phase)
{
	u64 into = (space->base + run->start - phase) & (page - 1);

	return into ? run->start + page - into : run->start;
}

static bool has_long(struct rb_node *node, u64 length)
{
	return node && run_of(node)->longest >= length;
}

/* The first run of at least @length bytes below @node; there is one. */
static struct free_run *first_below(struct rb_node *node, u64 length)
{
	while (has_long(node->rb_left, length) ||
	       run_of(node)->length < length)
		node = has_long(node->rb_left, length) ? node->rb_left :
							 node->rb_right;
	return run_of(node);
}

static struct free_run *first_long(const struct holdfast_pool *pool, u64 length)
{
	struct rb_node *top = pool->runs.rb_node;

	return has_long(top, length) ? first_below(top, length) : NULL;
}

/* The next run of at least @length bytes. */
static struct free_run *next_long(struct free_run *run, u64 length)
{
	struct rb_node *node = &run->node, *parent;

	if (has_long(node->rb_right, length))
		return first_below(node->rb_right, length);
	for (parent = rb_parent(node); parent;
	     node = parent, parent = rb_parent(node)) {
		if (node == parent->rb_right)
			continue;
		if (run_of(parent)->length >= length)
			return run_of(parent);
		if (has_long(parent->rb_right, length))
			return first_below(parent->rb_right, length);
	}
	return NULL;
}

/*
 * The first run by address that holds all of it in the right place: what is in
 * use gathers at one end, and what is free stays whole at the other. A run that
 * is longer by a page always has the place, so that the search ends.
 */
static struct free_run *first_fit(const struct holdfast_space *space,
				  const struct holdfast_pool *pool, u64 page,
				  u64 phase, u64 length, u64 *start)
{
	struct free_run *run = first_long(pool, length);
	unsigned int tries;

	for (tries = 0; run && tries < TRIES; tries++) {
		*start = first_place(space, run, page, phase);
		if (*start + length <= run_end(run))
			return run;
		run = next_long(run, length);
	}
	run = first_long(pool, length + page - HOLDFAST_BLOCK_SIZE);
	if (run)
		*start = first_place(space, run, page, phase);
	return run;
}

static struct free_run *longest(const struct holdfast_pool *pool)
{
	struct rb_node *top = pool->runs.rb_node;

	return top ? first_below(top, run_of(top)->longest) : NULL;
}

/* Where to start to get as much as a run can give, in the right place if it has one. */
static u64 part_of(const struct holdfast_space *space,
		   const struct holdfast_wish *wish, const struct free_run *run,
		   u64 *length)
{
	u64 start = run->start;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		u64 place = first_place(space, run, pages[i],
					wish->phase & (pages[i] - 1));

		if (pages[i] <= wish->page && place + pages[i] <= run_end(run)) {
			start = place;
			break;
		}
	}
	*length = min(*length, run_end(run) - start);
	return start;
}

/* The first free run of a pool that ends behind @at, or NULL. */
static struct free_run *run_from(const struct holdfast_pool *pool, u64 at)
{
	struct free_run *run = run_below(pool, at);

	if (!run)
		return run_of(rb_first(&pool->runs));
	return run_end(run) > at ? run : run_of(rb_next(&run->node));
}

/**
 * holdfast_space_next() - find a free run
 * @space: the space
 * @start: in: offset in the region from which on to look, in bytes; out: where
 *	the run starts, or goes on
 * @length: out: how long it is from there, in bytes
 *
 * Return: false if nothing is free from there on.
 */
bool holdfast_space_next(const struct holdfast_space *space, u64 *start,
			 u64 *length)
{
	struct free_run *best = NULL, *run;
	u32 i;

	for (i = 0; i < space->count; i++) {
		run = run_from(&space->pools[i], *start);
		if (run && (!best || run->start < best->start))
			best = run;
	}
	if (!best)
		return false;
	*start = max(*start, best->start);
	*length = run_end(best) - *start;
	return true;
}

/**
 * struct find - what is found for a wish
 * @pool: the pool
 * @run: the free run, or NULL
 * @start: where to start in it, as an offset in the region, in bytes
 */
struct find {
	struct holdfast_pool *pool;
	struct free_run *run;
	u64 start;
};

static void find_goal(struct find *find, struct holdfast_space *space,
		      const struct holdfast_wish *wish, u64 length)
{
	find->pool = pool_of(space, wish->goal);
	find->start = wish->goal;
	if (find->pool && wish->pools & BIT(find->pool - space->pools))
		find->run = run_with(find->pool, wish->goal, length);
}

static void find_fit(struct find *find, struct holdfast_space *space,
		     const struct holdfast_wish *wish, u64 page, u64 length)
{
	u32 i;

	for (i = 0; !find->run && i < space->count; i++) {
		find->pool = &space->pools[i];
		if (wish->pools & BIT(i))
			find->run = first_fit(space, find->pool, page,
					      wish->phase & (page - 1), length,
					      &find->start);
	}
}

static void find_part(struct find *find, struct holdfast_space *space,
		      const struct holdfast_wish *wish, u64 *length)
{
	struct free_run *run;
	u32 i;

	for (i = 0; i < space->count; i++) {
		run = longest(&space->pools[i]);
		if (!run || !(wish->pools & BIT(i)) ||
		    (find->run && find->run->length >= run->length))
			continue;
		find->pool = &space->pools[i];
		find->run = run;
	}
	if (find->run)
		find->start = part_of(space, wish, find->run, length);
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
 * Return: offset of the run in the region, or 0 if nothing is free where it
 * must be.
 */
u64 holdfast_space_alloc(struct holdfast_space *space,
			 const struct holdfast_wish *wish, u64 *length)
{
	struct find find = {};
	unsigned int i;

	find_goal(&find, space, wish, *length);
	for (i = 0; !find.run && i < ARRAY_SIZE(pages); i++)
		if (pages[i] <= wish->page)
			find_fit(&find, space, wish, pages[i], *length);
	if (!find.run)
		find_part(&find, space, wish, length);
	if (!find.run)
		return 0;
	cut(space, find.pool, find.run, find.start, *length);
	holdfast_watch_alloc(space->watch, find.start, *length, wish->goal);
	return find.start;
}

/**
 * holdfast_space_largest() - the largest run that is free
 * @space: the space
 * @pools: where to look, a set
 *
 * Return: its length, in bytes.
 */
u64 holdfast_space_largest(const struct holdfast_space *space, u32 pools)
{
	const struct free_run *run;
	u64 largest = 0;
	u32 i;

	for (i = 0; i < space->count; i++) {
		run = longest(&space->pools[i]);
		if (run && pools & BIT(i))
			largest = max(largest, run->length);
	}
	return largest;
}

/**
 * holdfast_space_on_node() - the pools on a NUMA node
 * @space: the space
 * @node: the node
 *
 * Return: a set.
 */
u32 holdfast_space_on_node(const struct holdfast_space *space, u32 node)
{
	u32 pools = 0, i;

	for (i = 0; i < space->count; i++)
		if (space->pools[i].node == node)
			pools |= BIT(i);
	return pools;
}

/**
 * holdfast_space_free_in() - how much is free in some of the pools
 * @space: the space
 * @pools: which, a set
 *
 * Return: bytes.
 */
u64 holdfast_space_free_in(const struct holdfast_space *space, u32 pools)
{
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < space->count; i++)
		if (pools & BIT(i))
			bytes += space->pools[i].free;
	return bytes;
}

static void give_back(struct holdfast_space *space, u64 start, u64 length)
{
	struct holdfast_pool *pool = pool_of(space, start);
	struct free_run *below = run_below(pool, start);
	struct free_run *above = below ? run_of(rb_next(&below->node)) :
					 run_of(rb_first(&pool->runs));

	space->free += length;
	pool->free += length;
	if (above && above->start == start + length) {
		length += above->length;
		erase_run(pool, above);
	}
	if (below && run_end(below) == start)
		resize_run(below, below->start, below->length + length);
	else
		insert_run(pool, start, length);
}

/**
 * holdfast_space_free() - give a run back
 * @space: the space
 * @start: offset of the run in the region, in bytes
 * @length: its length, in bytes; the run is not free
 */
void holdfast_space_free(struct holdfast_space *space, u64 start, u64 length)
{
	u64 end = start + length, retired;

	holdfast_watch_free(space->watch, start, length);
	for (; start < end; start = retired + HOLDFAST_BLOCK_SIZE) {
		retired = holdfast_retired_next(space->superblock, start, end);
		if (retired > start)
			give_back(space, start, retired - start);
	}
}
