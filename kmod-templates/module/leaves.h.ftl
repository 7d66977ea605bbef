/* SPDX-License-Identifier: GPL-2.0-only */
/* Leaves: the extents of a file that has many. Freestanding. */
#ifndef HOLDFAST_LEAVES_H
#define HOLDFAST_LEAVES_H

#include "records.h"

const struct holdfast_extent_leaf *
holdfast_leaf_get(const struct holdfast_records *records, const void *run,
		  const struct holdfast_record *owner);
bool holdfast_leaf_in_step(const void *run);
void holdfast_leaf_repair(const struct holdfast_records *records, void *run,
			  const struct holdfast_record *owner);
void holdfast_leaf_store(void *run, struct holdfast_extent_leaf *leaf,
			 const struct holdfast_record *owner);

#endif
