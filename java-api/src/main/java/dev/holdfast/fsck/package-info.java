// SPDX-License-Identifier: Apache-2.0
/**
 * Looks at a region that is not mounted, says what a mount would make of it, and repairs what it is told to.
 *
 * <p>The verdicts are those of the module, rule by rule: what {@code copies}, {@code superblock}, {@code records} and {@code leaves} are
 * there is {@link dev.holdfast.fsck.Copies}, {@link dev.holdfast.fsck.Superblocks}, {@link dev.holdfast.fsck.RecordTable} and {@link
 * dev.holdfast.fsck.Leaves} here, and {@code derive} is {@link dev.holdfast.fsck.Examination}.
 */
@NullMarked
package dev.holdfast.fsck;

import org.jspecify.annotations.NullMarked;
