// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounting derives the tree and the free space from the records. The cost
 * follows the number of records and extents, never the size of the memory.
 *
 * What cannot be used is kept aside, never guessed at: its number is blocked,
 * and what looks like its memory is not given to anybody else.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/xarray.h>

#include "vfs.h"

#define REACHED	1U

static void set_aside(struct holdfast_fs *fs, u64 number, const char *why)
{
	pr_err("0x%llx: record %llu set aside: %s\n", fs->region.base, number,
	       why);
	fs->records_damaged++;
}

static int add_node(struct holdfast_fs *fs, const struct holdfast_record *record)
{
	struct holdfast_node *node;

	node = holdfast_tree_add(&fs->tree, le64_to_cpu(record->number),
				 record->name, le32_to_cpu(record->name_length),
				 le32_to_cpu(record->type) ==
				 HOLDFAST_RECORD_TYPE_DIRECTORY);
	if (IS_ERR(node))
		return PTR_ERR(node);
	node->record = record;
	return 0;
}

static int read_slot(struct holdfast_fs *fs, u64 number, struct xarray *uneven)
{
	const struct holdfast_record *record;
	enum holdfast_slot slot;
	int err;

	slot = holdfast_records_get(&fs->records, number, &record);
	if (slot == HOLDFAST_SLOT_UNUSED)
		return 0;
	if (slot == HOLDFAST_SLOT_DAMAGED) {
		set_aside(fs, number, "both copies are damaged");
		return holdfast_tree_block(&fs->tree, number);
	}

	fs->records.sequence = max(fs->records.sequence,
				   le64_to_cpu(record->sequence));
	if (!holdfast_records_in_step(&fs->records, number)) {
		pr_warn("0x%llx: record %llu: one copy was bad, the other serves\n",
			fs->region.base, number);
		fs->records_repaired++;
		err = xa_err(xa_store(uneven, number, xa_mk_value(1),
				      GFP_KERNEL));
		if (err)
			return err;
	}
	return slot == HOLDFAST_SLOT_USED ? add_node(fs, record) : 0;
}

static int read_all(struct holdfast_fs *fs, struct xarray *uneven)
{
	u64 number;
	int err;

	for (number = 0; number < fs->records.slots; number++) {
		err = read_slot(fs, number, uneven);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static void repair_all(struct holdfast_fs *fs, struct xarray *uneven)
{
	unsigned long number;
	void *entry;

	xa_for_each(uneven, number, entry)
		holdfast_records_repair(&fs->records, number);
}

/* A file that a rename replaced is dead, even if it was not buried yet. */
static void drop_superseded(struct holdfast_fs *fs, bool read_only)
{
	struct holdfast_node *node, *victim;
	unsigned long number;

	xa_for_each(&fs->tree.nodes, number, node) {
		u64 dead = le64_to_cpu(node->record->supersedes);

		victim = holdfast_tree_get(&fs->tree, dead);
		if (!victim || le64_to_cpu(victim->record->sequence) >=
			       le64_to_cpu(node->record->sequence))
			continue;
		if (!read_only) {
			fs->scratch = *victim->record;
			fs->scratch.type = cpu_to_le32(HOLDFAST_RECORD_TYPE_FREE);
			holdfast_records_commit(&fs->records, &fs->scratch);
		}
		holdfast_tree_remove(&fs->tree, victim);
	}
}

/* Returns how many of the extents could be taken. */
static u32 take_extents(struct holdfast_fs *fs,
			const struct holdfast_record *record)
{
	u32 i, count = min_t(u32, le32_to_cpu(record->extent_count),
			     HOLDFAST_RECORD_EXTENTS);
	u32 taken = 0;

	for (i = 0; i < count; i++) {
		const struct holdfast_extent *extent = &record->extents[i];

		if (holdfast_extent_fits(&fs->records, extent) &&
		    !holdfast_space_take(&fs->space,
					 le64_to_cpu(extent->region_offset),
					 le64_to_cpu(extent->length)))
			taken++;
	}
	return taken;
}

static int take_space(struct holdfast_fs *fs)
{
	struct holdfast_node *node;
	unsigned long number;
	int err;

	xa_for_each(&fs->tree.nodes, number, node) {
		if (take_extents(fs, node->record) ==
		    le32_to_cpu(node->record->extent_count))
			continue;
		set_aside(fs, number, "its memory belongs to another file");
		holdfast_tree_remove(&fs->tree, node);
		err = holdfast_tree_block(&fs->tree, number);
		if (err)
			return err;
	}
	return 0;
}

/* Keep from others what either copy of a damaged record claims. */
static void shield_damaged(struct holdfast_fs *fs)
{
	const struct holdfast_record *record;
	u64 number;

	if (!fs->records_damaged)
		return;
	for (number = 0; number < fs->records.slots; number++) {
		if (holdfast_records_get(&fs->records, number, &record) !=
		    HOLDFAST_SLOT_DAMAGED)
			continue;
		take_extents(fs, &fs->records.a[number]);
		take_extents(fs, &fs->records.b[number]);
		cond_resched();
	}
}

/* Give a node a place in the root, under a name that says which record it is. */
static int adopt(struct holdfast_fs *fs, struct holdfast_node *node,
		 struct holdfast_node *root, u32 attempt)
{
	char *name = attempt ?
		kasprintf(GFP_KERNEL, "#%llu.%u", node->number, attempt) :
		kasprintf(GFP_KERNEL, "#%llu", node->number);

	if (!name)
		return -ENOMEM;
	pr_warn("0x%llx: record %llu has no place in the tree, shown as /%s\n",
		fs->region.base, node->number, name);
	holdfast_node_rename(node, name, strlen(name));
	node->parent = root;
	return 0;
}

/* Give every node its parent; what has none, or is its own, goes to the root. */
static int find_parents(struct holdfast_fs *fs, struct holdfast_node *root)
{
	struct holdfast_node *node, *at;
	unsigned long number;
	u32 walk = REACHED;
	int err;

	root->walk = REACHED;
	xa_for_each(&fs->tree.nodes, number, node) {
		u64 parent;

		if (node == root)
			continue;
		parent = le64_to_cpu(node->record->parent);
		node->parent = holdfast_tree_get(&fs->tree, parent);
		if (!node->parent || !node->parent->directory) {
			err = adopt(fs, node, root, 0);
			if (err)
				return err;
		}
	}

	xa_for_each(&fs->tree.nodes, number, node) {
		walk++;
		for (at = node; !at->walk; at = at->parent)
			at->walk = walk;
		if (at->walk == walk) {
			err = adopt(fs, at, root, 0);
			if (err)
				return err;
		}
		for (at = node; at->walk == walk; at = at->parent)
			at->walk = REACHED;
	}
	return 0;
}

static int link_all(struct holdfast_fs *fs, struct holdfast_node *root)
{
	struct holdfast_node *node;
	unsigned long number;
	u32 attempt;
	int err;

	xa_for_each(&fs->tree.nodes, number, node) {
		if (node == root)
			continue;
		/* What holds other nodes must not get lost for its name. */
		for (attempt = 0; holdfast_node_link(node, node->parent);
		     attempt++) {
			err = adopt(fs, node, root, attempt);
			if (err)
				return err;
		}
		cond_resched();
	}
	return 0;
}

/**
 * holdfast_derive() - derive the tree and the free space
 * @fs: a region with its table; tree and space are empty
 * @read_only: do not repair anything in the region
 *
 * Return: 0, -ENOMEM, or -EUCLEAN if there is no root directory.
 */
int holdfast_derive(struct holdfast_fs *fs, bool read_only)
{
	struct holdfast_node *root;
	struct xarray uneven;
	int err;

	xa_init(&uneven);
	err = read_all(fs, &uneven);
	if (err)
		goto out;
	root = holdfast_tree_get(&fs->tree, HOLDFAST_ROOT_RECORD);
	if (!root || !root->directory) {
		pr_err("0x%llx: refused: the root directory is damaged\n",
		       fs->region.base);
		err = -EUCLEAN;
		goto out;
	}

	/* From here on the region is taken for good, and may be written. */
	if (!read_only)
		repair_all(fs, &uneven);
	drop_superseded(fs, read_only);
	err = take_space(fs);
	if (err)
		goto out;
	shield_damaged(fs);
	err = find_parents(fs, root);
	if (err)
		goto out;
	err = link_all(fs, root);
out:
	xa_destroy(&uneven);
	return err;
}
