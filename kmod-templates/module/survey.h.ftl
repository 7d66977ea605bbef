/* SPDX-License-Identifier: GPL-2.0-only */
/* The first look at the record table, when a region is mounted. */
#ifndef HOLDFAST_SURVEY_H
#define HOLDFAST_SURVEY_H

#include <linux/bits.h>
#include <linux/types.h>

#include "records.h"

/* What was found in a slot: its enum holdfast_slot, and these. */
#define HOLDFAST_FOUND_SLOT	GENMASK(1, 0)
#define HOLDFAST_FOUND_SECOND	BIT(2)	/* the second copy counts */
#define HOLDFAST_FOUND_UNEVEN	BIT(3)	/* the copies differ */
#define HOLDFAST_FOUND_SUPERSEDES BIT(4) /* it took the place of another */

void holdfast_survey(const struct holdfast_records *records, u8 *found);
const struct holdfast_record *
holdfast_found_record(const struct holdfast_records *records, u64 number,
		      u8 found);

#endif
