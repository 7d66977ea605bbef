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

#include "vfs.h"

#define REACHED	1U

static void set_aside(struct holdfast_fs *fs, u64 number, const char *why)
{
	pr_err("0x%llx: record %llu set aside: %s\n", fs->region.base, number,
	       why);
	fs->records_damaged++;
}

static const struct holdfast_record *record_of(struct holdfast_fs *fs,
					       u64 number)
{
	const struct holdfast_record *record;

	if (holdfast_records_get(&fs->records, number, &record) !=
	    HOLDFAST_SLOT_USED)
		return NULL;
	return record;
}

static int add_node(struct holdfast_fs *fs, const struct holdfast_record *record)
{
	struct holdfast_node *node;

	node = holdfast_tree_add(&fs->tree, le64_to_cpu(record->number),
				 record->name, le32_to_cpu(record->name_length),
				 le32_to_cpu(record->type) ==
				 HOLDFAST_RECORD_TYPE_DIRECTORY);
	return PTR_ERR_OR_ZERO(node);
}

static int read_slot(struct holdfast_fs *fs, u64 number, bool read_only)
{
	const struct holdfast_record *record;
	enum holdfast_slot slot;

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
		if (!read_only)
			holdfast_records_repair(&fs->records, number);
	}
	return slot == HOLDFAST_SLOT_USED ? add_node(fs, record) : 0;
}

/* A file that a rename replaced is dead, even if it was not buried yet. */
static void drop_superseded(struct holdfast_fs *fs, bool read_only)
{
	struct holdfast_node *node, *victim;
	unsigned long number;

	xa_for_each(&fs->tree.nodes, number, node) {
		const struct holdfast_record *record = record_of(fs, number);
		u64 dead = le64_to_cpu(record->supersedes);
		const struct holdfast_record *replaced;

		victim = holdfast_tree_get(&fs->tree, dead);
		if (!victim || victim == node)
			continue;
		replaced = record_of(fs, dead);
		if (le64_to_cpu(replaced->sequence) >=
		    le64_to_cpu(record->sequence))
			continue;
		if (!read_only) {
			fs->scratch = *replaced;
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
		const struct holdfast_record *record = record_of(fs, number);

		if (take_extents(fs, record) ==
		    le32_to_cpu(record->extent_count))
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
	}
}

static int adopt(struct holdfast_fs *fs, struct holdfast_node *node,
		 struct holdfast_node *root)
{
	char *name = kasprintf(GFP_KERNEL, "#%llu", node->number);

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
		parent = le64_to_cpu(record_of(fs, number)->parent);
		node->parent = holdfast_tree_get(&fs->tree, parent);
		if (!node->parent || !node->parent->directory) {
			err = adopt(fs, node, root);
			if (err)
				return err;
		}
	}

	xa_for_each(&fs->tree.nodes, number, node) {
		walk++;
		for (at = node; !at->walk; at = at->parent)
			at->walk = walk;
		if (at->walk == walk) {
			err = adopt(fs, at, root);
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

	xa_for_each(&fs->tree.nodes, number, node) {
		if (node == root)
			continue;
		if (!holdfast_node_link(node, node->parent))
			continue;
		if (adopt(fs, node, root))
			return -ENOMEM;
		if (holdfast_node_link(node, root)) {
			pr_err("0x%llx: record %llu: no name left for it\n",
			       fs->region.base, node->number);
			return -EUCLEAN;
		}
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
	u64 number;
	int err;

	for (number = 0; number < fs->records.slots; number++) {
		err = read_slot(fs, number, read_only);
		if (err)
			return err;
		if (number % 1024 == 0)
			cond_resched();
	}

	root = holdfast_tree_get(&fs->tree, HOLDFAST_ROOT_RECORD);
	if (!root || !root->directory) {
		pr_err("0x%llx: refused: the root directory is damaged\n",
		       fs->region.base);
		return -EUCLEAN;
	}

	drop_superseded(fs, read_only);
	err = take_space(fs);
	if (err)
		return err;
	shield_damaged(fs);
	err = find_parents(fs, root);
	if (err)
		return err;
	return link_all(fs, root);
}
