// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.support.hierarchical.ParallelExecutionConfiguration;
import org.junit.platform.engine.support.hierarchical.ParallelExecutionConfigurationStrategy;

/**
 * How many tests with VMs run at a time: one for each processor, at most two. Named in JUnit's configuration as the strategy of
 * parallel execution.
 */
public final class VmsAtATime implements ParallelExecutionConfigurationStrategy {

    private static final int MOST = 2;

    @Override
    public ParallelExecutionConfiguration createConfiguration(ConfigurationParameters parameters) {
        return new Slots(Math.min(MOST, Runtime.getRuntime().availableProcessors()));
    }

    private record Slots(int number) implements ParallelExecutionConfiguration {

        @Override
        public int getParallelism() {
            return number;
        }

        @Override
        public int getMinimumRunnable() {
            return number;
        }

        @Override
        public int getMaxPoolSize() {
            return number;
        }

        @Override
        public int getCorePoolSize() {
            return number;
        }

        @Override
        public int getKeepAliveSeconds() {
            return 30;
        }
    }
}
