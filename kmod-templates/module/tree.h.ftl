/* SPDX-License-Identifier: GPL-2.0-only */
/* Names and records in memory, derived at mount. */
#ifndef HOLDFAST_TREE_H
#define HOLDFAST_TREE_H

#include <linux/dcache.h>
#include <linux/rbtree_types.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct holdfast_account;
struct holdfast_record;

/**
 * struct holdfast_node - a record that is in use
 * @number: its number
 * @parent: the directory that holds it; NULL for the root
 * @name: its name; not terminated
 * @name_length: length of the name, in bytes
 * @directory: it is a directory
 * @subdirectories: directories that it holds
 * @account: of a directory, what is below it; of a file, that of its directory.
 *	Changes under the lock of the file system.
 * @walk: scratch of the derivation
 * @bytes: scratch of the derivation: memory of the file
 * @record: the copy of its record that counts; valid only while mounting
 * @by_name: its place in parent->names
 * @by_number: its place in parent->numbers
 * @names: what it holds, by name
 * @numbers: what it holds, by number: the order of readdir, which stays stable
 *	while entries come and go
 *
 * Everything but @number changes only under the lock of the directory's inode,
 * as the VFS takes it.
 */
struct holdfast_node {
	u64 number;
	struct holdfast_node *parent;
	char *name;
	u32 name_length;
	bool directory;
	u32 subdirectories;
	struct holdfast_account *account;
	u32 walk;
	u64 bytes;
	const struct holdfast_record *record;
	struct rb_node by_name;
	struct rb_node by_number;
	struct rb_root names;
	struct rb_root numbers;
};

/**
 * struct holdfast_tree - all nodes of a region
 * @nodes: by record number; a number may be taken without a node
 * @slots: numbers are below this
 * @used: nodes in the tree
 */
struct holdfast_tree {
	struct xarray nodes;
	u32 slots;
	atomic_t used;
};

void holdfast_tree_init(struct holdfast_tree *tree, u32 slots);
void holdfast_tree_destroy(struct holdfast_tree *tree);
struct holdfast_node *holdfast_tree_get(struct holdfast_tree *tree, u64 number);
struct holdfast_node *holdfast_tree_add(struct holdfast_tree *tree, u64 number,
					const char *name, u32 name_length,
					bool directory);
struct holdfast_node *holdfast_tree_new(struct holdfast_tree *tree,
					const struct qstr *name,
					bool directory);
int holdfast_tree_block(struct holdfast_tree *tree, u64 number);
void holdfast_tree_remove(struct holdfast_tree *tree,
			  struct holdfast_node *node);

struct holdfast_node *holdfast_node_find(struct holdfast_node *directory,
					 const char *name, u32 name_length);
struct holdfast_node *holdfast_node_next(struct holdfast_node *directory,
					 u64 number);
int holdfast_node_link(struct holdfast_node *node,
		       struct holdfast_node *directory);
void holdfast_node_unlink(struct holdfast_node *node);
struct holdfast_account *
holdfast_node_charged(const struct holdfast_node *node);
bool holdfast_node_empty(const struct holdfast_node *directory);
char *holdfast_node_name(const struct qstr *name);
void holdfast_node_rename(struct holdfast_node *node, char *name, u32 length);

#endif
