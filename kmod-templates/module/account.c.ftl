<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "account.h"

/**
 * holdfast_account_new() - the account of a new directory
 * @parent: account of the directory above, or NULL
 *
 * Return: the account, with one user, or NULL.
 */
struct holdfast_account *holdfast_account_new(struct holdfast_account *parent)
{
	struct holdfast_account *account;

	account = ${object("kzalloc", "account", "GFP_NOFS")};
	if (!account)
		return NULL;
	account->users = 1;
	holdfast_account_attach(account, parent);
	return account;
}

/**
 * holdfast_account_get() - become a user of an account
 * @account: the account
 *
 * Return: the account.
 */
struct holdfast_account *holdfast_account_get(struct holdfast_account *account)
{
	account->users++;
	return account;
}

/**
 * holdfast_account_put() - stop being a user of an account
 * @account: the account, or NULL
 */
void holdfast_account_put(struct holdfast_account *account)
{
	while (account && !--account->users) {
		struct holdfast_account *parent = account->parent;

		kfree(account);
		account = parent;
	}
}

/**
 * holdfast_account_attach() - give an account another parent
 * @account: the account; what it has is not charged to @parent
 * @parent: account of the directory above, or NULL
 */
void holdfast_account_attach(struct holdfast_account *account,
			     struct holdfast_account *parent)
{
	struct holdfast_account *before = account->parent;

	account->parent = parent ? holdfast_account_get(parent) : NULL;
	holdfast_account_put(before);
}

static u64 left(u64 limit, u64 used)
{
	if (!limit)
		return U64_MAX;
	return limit - min(limit, used);
}

/**
 * holdfast_account_room() - how much memory may still be charged
 * @account: the account
 *
 * Return: bytes that the limits of it and of those above leave.
 */
u64 holdfast_account_room(const struct holdfast_account *account)
{
	u64 room = U64_MAX;

	for (; account; account = account->parent)
		room = min(room, left(account->limit_bytes, account->bytes));
	return room;
}

static bool is_at_or_above(const struct holdfast_account *account,
			   const struct holdfast_account *below)
{
	while (below && below != account)
		below = below->parent;
	return below;
}

/* Do the limits of @account and those above leave that much? @payer has paid. */
static int check(const struct holdfast_account *account,
		 const struct holdfast_account *payer, u64 bytes, u64 files)
{
	for (; account && !is_at_or_above(account, payer);
	     account = account->parent)
		if ((bytes && bytes > left(account->limit_bytes,
					   account->bytes)) ||
		    (files && files > left(account->limit_files,
					   account->files)))
			return -EDQUOT;
	return 0;
}

/**
 * holdfast_account_charge() - use more, if the limits let it
 * @account: of the directory
 * @bytes: memory, in bytes
 * @files: files and directories
 *
 * Return: 0 or -EDQUOT; then nothing has changed.
 */
int holdfast_account_charge(struct holdfast_account *account, u64 bytes,
			    u64 files)
{
	int err = check(account, NULL, bytes, files);

	if (!err)
		holdfast_account_add(account, bytes, files);
	return err;
}

/**
 * holdfast_account_move() - let another directory pay, if the limits let it
 * @from: account that pays now
 * @to: account that shall pay; what is above both pays the same
 * @bytes: memory, in bytes
 * @files: files and directories
 *
 * Return: 0 or -EDQUOT; then nothing has changed.
 */
int holdfast_account_move(struct holdfast_account *from,
			  struct holdfast_account *to, u64 bytes, u64 files)
{
	int err = check(to, from, bytes, files);

	if (err)
		return err;
	holdfast_account_add(to, bytes, files);
	holdfast_account_release(from, bytes, files);
	return 0;
}

/**
 * holdfast_account_add() - use more, whatever the limits say
 * @account: of the directory
 * @bytes: memory, in bytes
 * @files: files and directories
 */
void holdfast_account_add(struct holdfast_account *account, u64 bytes,
			  u64 files)
{
	for (; account; account = account->parent) {
		account->bytes += bytes;
		account->files += files;
	}
}

/**
 * holdfast_account_release() - use less
 * @account: of the directory
 * @bytes: memory, in bytes
 * @files: files and directories
 */
void holdfast_account_release(struct holdfast_account *account, u64 bytes,
			      u64 files)
{
	for (; account; account = account->parent) {
		account->bytes -= bytes;
		account->files -= files;
	}
}
