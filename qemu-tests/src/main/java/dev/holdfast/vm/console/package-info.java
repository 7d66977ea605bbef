// SPDX-License-Identifier: Apache-2.0
/** The kernel's console: kept in a log, and watched for trouble. */
@NullMarked
package dev.holdfast.vm.console;

import org.jspecify.annotations.NullMarked;
