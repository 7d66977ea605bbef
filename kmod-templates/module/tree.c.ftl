<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rbtree.h>
#include <linux/slab.h>

#include "account.h"
#include "format.h"
#include "tree.h"

/**
 * holdfast_tree_init() - an empty tree
 * @tree: the tree
 * @slots: records of the region
 */
void holdfast_tree_init(struct holdfast_tree *tree, u32 slots)
{
	xa_init_flags(&tree->nodes, XA_FLAGS_ALLOC);
	tree->slots = slots;
	atomic_set(&tree->used, 0);
}

static void free_node(struct holdfast_node *node)
{
	holdfast_account_put(node->account);
	kfree(node->name);
	kfree(node);
}

/**
 * holdfast_tree_destroy() - free all nodes
 * @tree: the tree
 */
void holdfast_tree_destroy(struct holdfast_tree *tree)
{
	struct holdfast_node *node;
	unsigned long number;

	xa_for_each(&tree->nodes, number, node)
		free_node(node);
	xa_destroy(&tree->nodes);
}

/**
 * holdfast_tree_get() - node of a record
 * @tree: the tree
 * @number: the record
 *
 * Return: the node, or NULL.
 */
struct holdfast_node *holdfast_tree_get(struct holdfast_tree *tree, u64 number)
{
	return number < tree->slots ? xa_load(&tree->nodes, number) : NULL;
}

static struct holdfast_node *make_node(const char *name, u32 name_length,
				       bool directory)
{
	struct holdfast_node *node = ${object("kzalloc", "node")};

	if (!node)
		return NULL;
	node->name = kmemdup_nul(name, name_length, GFP_KERNEL);
	if (!node->name) {
		kfree(node);
		return NULL;
	}
	node->name_length = name_length;
	node->directory = directory;
	return node;
}

/**
 * holdfast_tree_add() - add a node for a record that exists
 * @tree: the tree
 * @number: the record
 * @name: its name
 * @name_length: length of the name, in bytes
 * @directory: it is a directory
 *
 * Return: the node, linked nowhere yet, or an error pointer: -ENOMEM.
 */
struct holdfast_node *holdfast_tree_add(struct holdfast_tree *tree, u64 number,
					const char *name, u32 name_length,
					bool directory)
{
	struct holdfast_node *node = make_node(name, name_length, directory);
	int err;

	if (!node)
		return ERR_PTR(-ENOMEM);
	node->number = number;
	err = xa_err(xa_store(&tree->nodes, number, node, GFP_KERNEL));
	if (err) {
		free_node(node);
		return ERR_PTR(err);
	}
	atomic_inc(&tree->used);
	return node;
}

/**
 * holdfast_tree_new() - add a node in a free slot
 * @tree: the tree
 * @name: its name
 * @directory: it is a directory
 *
 * Return: the node, linked nowhere yet, or an error pointer: -ENOSPC if there
 * is no free slot, -ENOMEM.
 */
struct holdfast_node *holdfast_tree_new(struct holdfast_tree *tree,
					const struct qstr *name, bool directory)
{
	struct holdfast_node *node = make_node(name->name, name->len,
					       directory);
	u32 number;
	int err;

	if (!node)
		return ERR_PTR(-ENOMEM);
	err = xa_alloc(&tree->nodes, &number, node,
		       XA_LIMIT(HOLDFAST_ROOT_RECORD + 1, tree->slots - 1),
		       GFP_KERNEL);
	if (err) {
		free_node(node);
		return ERR_PTR(err == -EBUSY ? -ENOSPC : err);
	}
	node->number = number;
	atomic_inc(&tree->used);
	return node;
}

/**
 * holdfast_tree_block() - take a number that no file may get
 * @tree: the tree
 * @number: the number
 *
 * Return: 0 or -ENOMEM.
 */
int holdfast_tree_block(struct holdfast_tree *tree, u64 number)
{
	return xa_reserve(&tree->nodes, number, GFP_KERNEL);
}

/**
 * holdfast_tree_remove() - free a node and its number
 * @tree: the tree
 * @node: the node; linked nowhere
 */
void holdfast_tree_remove(struct holdfast_tree *tree,
			  struct holdfast_node *node)
{
	xa_erase(&tree->nodes, node->number);
	atomic_dec(&tree->used);
	free_node(node);
}

static int compare(const char *name, u32 length,
		   const struct holdfast_node *node)
{
	int order = memcmp(name, node->name, min(length, node->name_length));

	return order ? order : (int)length - (int)node->name_length;
}

/**
 * holdfast_node_find() - look a name up
 * @directory: where
 * @name: the name
 * @name_length: its length, in bytes
 *
 * Return: the node, or NULL.
 */
struct holdfast_node *holdfast_node_find(struct holdfast_node *directory,
					 const char *name, u32 name_length)
{
	struct rb_node *at = directory->names.rb_node;

	while (at) {
		struct holdfast_node *node =
			rb_entry(at, struct holdfast_node, by_name);
		int order = compare(name, name_length, node);

		if (!order)
			return node;
		at = order < 0 ? at->rb_left : at->rb_right;
	}
	return NULL;
}

/**
 * holdfast_node_next() - walk a directory
 * @directory: where
 * @number: lowest number wanted
 *
 * Return: the node with the lowest number that is not below @number, or NULL.
 */
struct holdfast_node *holdfast_node_next(struct holdfast_node *directory,
					 u64 number)
{
	struct rb_node *at = directory->numbers.rb_node;
	struct holdfast_node *found = NULL;

	while (at) {
		struct holdfast_node *node =
			rb_entry(at, struct holdfast_node, by_number);

		if (node->number >= number) {
			found = node;
			at = at->rb_left;
		} else {
			at = at->rb_right;
		}
	}
	return found;
}

static void link_number(struct holdfast_node *node, struct rb_root *root)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		if (node->number <
		    rb_entry(parent, struct holdfast_node, by_number)->number)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&node->by_number, parent, link);
	rb_insert_color(&node->by_number, root);
}

/**
 * holdfast_node_link() - put a node into a directory
 * @node: the node, linked nowhere
 * @directory: where
 *
 * Return: 0, or -EEXIST if the directory has that name already.
 */
int holdfast_node_link(struct holdfast_node *node,
		       struct holdfast_node *directory)
{
	struct rb_node **link = &directory->names.rb_node, *parent = NULL;

	while (*link) {
		int order;

		parent = *link;
		order = compare(node->name, node->name_length,
				rb_entry(parent, struct holdfast_node,
					 by_name));
		if (!order)
			return -EEXIST;
		link = order < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&node->by_name, parent, link);
	rb_insert_color(&node->by_name, &directory->names);
	link_number(node, &directory->numbers);
	node->parent = directory;
	directory->subdirectories += node->directory;
	return 0;
}

/**
 * holdfast_node_unlink() - take a node out of its directory
 * @node: the node
 */
void holdfast_node_unlink(struct holdfast_node *node)
{
	rb_erase(&node->by_name, &node->parent->names);
	rb_erase(&node->by_number, &node->parent->numbers);
	node->parent->subdirectories -= node->directory;
	node->parent = NULL;
}

/**
 * holdfast_node_charged() - who pays for a node
 * @node: the node
 *
 * Return: account of the directory that it was last in, or NULL for the root.
 */
struct holdfast_account *holdfast_node_charged(const struct holdfast_node *node)
{
	if (!node->account || !node->directory)
		return node->account;
	return node->account->parent;
}

/**
 * holdfast_node_empty() - does a directory hold nothing?
 * @directory: the directory
 *
 * Return: true if so.
 */
bool holdfast_node_empty(const struct holdfast_node *directory)
{
	return RB_EMPTY_ROOT(&directory->names);
}

/**
 * holdfast_node_name() - copy a name for holdfast_node_rename()
 * @name: the name
 *
 * Return: the copy, or NULL.
 */
char *holdfast_node_name(const struct qstr *name)
{
	return kmemdup_nul(name->name, name->len, GFP_KERNEL);
}

/**
 * holdfast_node_rename() - give a node another name
 * @node: the node, linked nowhere
 * @name: the name, from kmalloc(); the node owns it from now on
 * @length: its length, in bytes
 */
void holdfast_node_rename(struct holdfast_node *node, char *name, u32 length)
{
	kfree(node->name);
	node->name = name;
	node->name_length = length;
}
