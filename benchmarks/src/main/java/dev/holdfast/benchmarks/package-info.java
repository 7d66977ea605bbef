// SPDX-License-Identifier: Apache-2.0
/** What calls and mapped memory cost a Java program, measured by JMH where a region is mounted. */
@NullMarked
package dev.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
