// SPDX-License-Identifier: Apache-2.0
/** The JUnit extension that gives tests their VMs. */
@NullMarked
package dev.holdfast.vm.junit;

import org.jspecify.annotations.NullMarked;
