/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files below each directory use, and how much of it they may. */
#ifndef HOLDFAST_ACCOUNT_H
#define HOLDFAST_ACCOUNT_H

#include <linux/types.h>

/**
 * struct holdfast_account - use and limits of a directory
 * @parent: account of the directory above; NULL for the root's
 * @users: nodes and accounts that refer to it
 * @bytes: memory of the files below, in bytes
 * @files: files and directories below
 * @limit_bytes: most of @bytes, or 0
 * @limit_files: most of @files, or 0
 *
 * It lives on as long as a file below is open, even if the directory is gone:
 * what is removed counts until its memory is free. All of it is protected by
 * the lock of the file system.
 */
struct holdfast_account {
	struct holdfast_account *parent;
	u32 users;
	u64 bytes;
	u64 files;
	u64 limit_bytes;
	u64 limit_files;
};

struct holdfast_account *holdfast_account_new(struct holdfast_account *parent);
struct holdfast_account *holdfast_account_get(struct holdfast_account *account);
void holdfast_account_put(struct holdfast_account *account);
void holdfast_account_attach(struct holdfast_account *account,
			     struct holdfast_account *parent);
u64 holdfast_account_room(const struct holdfast_account *account);
int holdfast_account_charge(struct holdfast_account *account, u64 bytes,
			    u64 files);
void holdfast_account_add(struct holdfast_account *account, u64 bytes,
			  u64 files);
int holdfast_account_move(struct holdfast_account *from,
			  struct holdfast_account *to, u64 bytes, u64 files);
void holdfast_account_release(struct holdfast_account *account, u64 bytes,
			      u64 files);

#endif
