/* SPDX-License-Identifier: GPL-2.0-only */
/* Retired pages: no file gets them any more. The superblock has the list. Freestanding. */
#ifndef HOLDFAST_RETIRED_H
#define HOLDFAST_RETIRED_H

#include "format.h"

bool holdfast_retired_valid(const struct holdfast_superblock *sb);
u64 holdfast_retired_next(const struct holdfast_superblock *sb, u64 from,
			  u64 to);
u64 holdfast_retired_bytes(const struct holdfast_superblock *sb);
bool holdfast_retired_add(struct holdfast_superblock *sb, u64 page);

#endif
