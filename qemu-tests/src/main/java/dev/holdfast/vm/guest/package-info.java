// SPDX-License-Identifier: Apache-2.0
/** What runs inside a VM: the agent and the tasks it is given. */
@NullMarked
package dev.holdfast.vm.guest;

import org.jspecify.annotations.NullMarked;
