// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.LimitArgs;

/**
 * How much there may be below a directory, and how much there is. What is removed counts until nobody has it open or mapped.
 *
 * @param bytes most memory of the files below, in bytes; 0 for no limit
 * @param files most files and directories below; 0 for no limit
 * @param usedBytes memory of the files below, in bytes
 * @param usedFiles files and directories below
 */
public record DirectoryLimits(long bytes, long files, long usedBytes, long usedFiles) {
    static DirectoryLimits of(LimitArgs args) {
        return new DirectoryLimits(args.limitBytes(), args.limitFiles(), args.usedBytes(), args.usedFiles());
    }
}
