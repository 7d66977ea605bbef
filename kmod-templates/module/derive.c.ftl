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
#include <linux/slab.h>
#include <linux/xarray.h>

#include "leaves.h"
#include "retired.h"
#include "survey.h"
#include "vfs.h"

#define REACHED	1U

static void set_aside(struct holdfast_fs *fs, u64 number, const char *why)
{
	pr_err("0x%llx: record %llu set aside: %s\n", fs->region.base, number,
	       why);
	fs->records_damaged++;
	holdfast_watch_errors(&fs->watch, 1);
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

static int read_slot(struct holdfast_fs *fs, u64 number, u8 found)
{
	u8 slot = found & HOLDFAST_FOUND_SLOT;
	const struct holdfast_record *record;

	if (slot == HOLDFAST_SLOT_UNUSED)
		return 0;
	if (slot == HOLDFAST_SLOT_DAMAGED) {
		set_aside(fs, number, "both copies are damaged");
		return holdfast_tree_block(&fs->tree, number);
	}

	record = holdfast_found_record(&fs->records, number, found);
	fs->records.sequence = max(fs->records.sequence,
				   le64_to_cpu(record->sequence));
	if (found & HOLDFAST_FOUND_UNEVEN) {
		pr_warn("0x%llx: record %llu: one copy was bad, the other serves\n",
			fs->region.base, number);
		fs->records_repaired++;
		holdfast_watch_errors(&fs->watch, 1);
	}
	return slot == HOLDFAST_SLOT_USED ? add_node(fs, record) : 0;
}

static int read_all(struct holdfast_fs *fs, const u8 *found)
{
	u64 number;
	int err;

	for (number = 0; number < fs->records.slots; number++) {
		err = read_slot(fs, number, found[number]);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static void repair_all(struct holdfast_fs *fs, const u8 *found)
{
	u64 number;

	if (!fs->records_repaired)
		return;
	for (number = 0; number < fs->records.slots; number++)
		if (found[number] & HOLDFAST_FOUND_UNEVEN)
			holdfast_records_repair(&fs->records, number);
}

/* A file that a rename replaced is dead, even if it was not buried yet. */
static void drop_superseded(struct holdfast_fs *fs, const u8 *found,
			    bool read_only)
{
	struct holdfast_node *node, *victim;
	u64 number;

	for (number = 0; number < fs->records.slots; number++) {
		if (!(found[number] & HOLDFAST_FOUND_SUPERSEDES))
			continue;
		node = holdfast_tree_get(&fs->tree, number);
		if (!node)
			continue;
		victim = holdfast_tree_get(&fs->tree,
					   le64_to_cpu(node->record->supersedes));
		if (!victim || le64_to_cpu(victim->record->sequence) >=
			       le64_to_cpu(node->record->sequence))
			continue;
		if (!read_only) {
			fs->scratch = *victim->record;
			fs->scratch.type = cpu_to_le32(HOLDFAST_RECORD_TYPE_FREE);
			holdfast_commit_locked(fs, &fs->scratch);
		}
		holdfast_tree_remove(&fs->tree, victim);
	}
}

static bool take(struct holdfast_fs *fs, const struct holdfast_extent *extent)
{
	return holdfast_extent_fits(&fs->records, extent) &&
	       !holdfast_space_take(&fs->space,
				    le64_to_cpu(extent->region_offset),
				    le64_to_cpu(extent->length));
}

/**
 * struct taking - how a walk takes the memory of a file
 * @record: the record of the file
 * @conflicts: pieces that belong to another file
 * @bytes: how much it is, without leaves
 * @read_only: do not repair leaves
 */
struct taking {
	const struct holdfast_record *record;
	u32 conflicts;
	u64 bytes;
	bool read_only;
};

static void repair_leaf(struct holdfast_fs *fs, struct taking *taking,
			const struct holdfast_extent *extent)
{
	void *leaf = holdfast_region_at(&fs->region,
					le64_to_cpu(extent->region_offset));

	if (holdfast_leaf_in_step(leaf) ||
	    !holdfast_leaf_get(&fs->records, leaf, taking->record))
		return;
	pr_warn("0x%llx: record %llu: one copy of a leaf was bad, the other serves\n",
		fs->region.base, le64_to_cpu(taking->record->number));
	fs->records_repaired++;
	holdfast_watch_errors(&fs->watch, 1);
	if (!taking->read_only)
		holdfast_leaf_repair(&fs->records, leaf, taking->record);
}

static int take_piece(struct holdfast_fs *fs,
		      const struct holdfast_extent *extent, bool leaf,
		      void *context)
{
	struct taking *taking = context;

	if (!take(fs, extent))
		taking->conflicts++;
	else if (leaf)
		repair_leaf(fs, taking, extent);
	else
		taking->bytes += le64_to_cpu(extent->length);
	return 0;
}

static int take_space(struct holdfast_fs *fs, bool read_only)
{
	struct holdfast_node *node;
	unsigned long number;
	int err;

	xa_for_each(&fs->tree.nodes, number, node) {
		struct taking taking = {
			.record = node->record,
			.read_only = read_only,
		};

		fs->has_leaves |= !!node->record->leaves;
		err = holdfast_store_walk(fs, node->record, take_piece,
					  &taking);
		node->bytes = taking.bytes;
		if (!err && !taking.conflicts)
			continue;
		/* Which memory it had is not known: none may be given away. */
		fs->leaves_lost |= !!err;
		set_aside(fs, number, err ? "a leaf of it is damaged" :
					    "its memory belongs to another file");
		holdfast_tree_remove(&fs->tree, node);
		err = holdfast_tree_block(&fs->tree, number);
		if (err)
			return err;
	}
	return 0;
}

static int shield_piece(struct holdfast_fs *fs,
			const struct holdfast_extent *extent, bool leaf,
			void *context)
{
	take(fs, extent);
	return 0;
}

/* Keep from others what either copy of a damaged record claims. */
static void shield_damaged(struct holdfast_fs *fs, const u8 *found)
{
	u64 number;

	if (!fs->records_damaged)
		return;
	for (number = 0; number < fs->records.slots; number++) {
		if ((found[number] & HOLDFAST_FOUND_SLOT) !=
		    HOLDFAST_SLOT_DAMAGED)
			continue;
		/* What can be said of it is taken; it is not trusted further. */
		holdfast_store_walk(fs, &fs->records.a[number], shield_piece,
				    NULL);
		holdfast_store_walk(fs, &fs->records.b[number], shield_piece,
				    NULL);
		cond_resched();
	}
}

/* What is retired is never free; some of it may still belong to a file. */
static void take_retired(struct holdfast_fs *fs)
{
	u64 page = 0;

	for (;; page += HOLDFAST_BLOCK_SIZE) {
		page = holdfast_retired_next(&fs->superblock, page, U64_MAX);
		if (page == U64_MAX)
			return;
		holdfast_space_take(&fs->space, page, HOLDFAST_BLOCK_SIZE);
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

	/* A file holds nothing, so that no circle leads through it. */
	xa_for_each(&fs->tree.nodes, number, node) {
		if (!node->directory)
			continue;
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

static int add_accounts(struct holdfast_fs *fs)
{
	struct holdfast_node *node;
	unsigned long number;

	xa_for_each(&fs->tree.nodes, number, node) {
		if (!node->directory)
			continue;
		node->account = holdfast_account_new(NULL);
		if (!node->account)
			return -ENOMEM;
		node->account->limit_bytes =
			le64_to_cpu(node->record->limit_bytes);
		node->account->limit_files =
			le64_to_cpu(node->record->limit_files);
	}
	return 0;
}

/* What is over a limit stays, but does not grow. */
static void charge_all(struct holdfast_fs *fs)
{
	struct holdfast_node *node;
	unsigned long number;

	xa_for_each(&fs->tree.nodes, number, node)
		if (node->directory && node->parent)
			holdfast_account_attach(node->account,
						node->parent->account);
	xa_for_each(&fs->tree.nodes, number, node) {
		if (!node->parent)
			continue;
		if (!node->directory)
			node->account =
				holdfast_account_get(node->parent->account);
		holdfast_account_add(node->parent->account, node->bytes, 1);
		cond_resched();
	}
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
	u8 *found;
	int err;

	found = kvcalloc(fs->records.slots, sizeof(*found), GFP_KERNEL);
	if (!found)
		return -ENOMEM;
	holdfast_survey(&fs->records, found);
	err = read_all(fs, found);
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
		repair_all(fs, found);
	drop_superseded(fs, found, read_only);
	err = take_space(fs, read_only);
	if (err)
		goto out;
	shield_damaged(fs, found);
	take_retired(fs);
	if (fs->has_leaves && !read_only)
		holdfast_store_fill_spare(fs);
	err = find_parents(fs, root);
	if (err)
		goto out;
	err = link_all(fs, root);
	if (!err)
		err = add_accounts(fs);
	if (!err)
		charge_all(fs);
out:
	kvfree(found);
	return err;
}
