package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static final HostTensor NUMBERS = HostTensor.of(Shape.of(2, 2), 1, 2, 3, 4);

    private long before;

    @BeforeEach
    void count() {
        before = Scope.liveTensors();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(Scope.liveTensors()).as("live tensors after the test").isEqualTo(before);
    }

    private static Tensor tensor() {
        return Tensor.of(NUMBERS, Device.CPU);
    }

    @Test
    void tensorsAreFreedWhenTheirScopeCloses() {
        Tensor made;
        try (var scope = Scope.open()) {
            made = tensor();
            new TorchOps().relu(made);
            assertThat(Scope.liveTensors()).isEqualTo(before + 2);
            assertThat(made.isFreed()).isFalse();
        }
        assertThat(made.isFreed()).isTrue();
        assertThat(Scope.liveTensors()).isEqualTo(before);
    }

    @Test
    void theInnermostScopeOwns() {
        try (var outer = Scope.open()) {
            Tensor survivor = tensor();
            Tensor gone;
            try (var inner = Scope.open()) {
                gone = tensor();
            }
            assertThat(gone.isFreed()).isTrue();
            assertThat(survivor.toHost().sameBits(NUMBERS)).isTrue();
            Tensor late = tensor();
            assertThat(late.toHost().sameBits(NUMBERS)).isTrue();
        }
    }

    @Test
    void anExceptionInTheMiddleFreesEverything() {
        assertThatThrownBy(() -> {
                    try (var outer = Scope.open()) {
                        tensor();
                        try (var inner = Scope.open()) {
                            Tensor square = tensor();
                            Tensor row = Tensor.of(HostTensor.of(Shape.of(1, 3), 1, 2, 3), Device.CPU);
                            new TorchOps().add(square, row);
                        }
                    }
                })
                .isInstanceOf(RuntimeException.class);
        assertThat(Scope.liveTensors()).isEqualTo(before);
        try (var scope = Scope.open()) {
            assertThat(tensor().toHost().sameBits(NUMBERS)).isTrue();
        }
    }

    @Test
    void aKeptTensorLivesUntilItsHolderClosesIt() {
        Tensor kept;
        try (var scope = Scope.open()) {
            kept = tensor().keep();
            assertThat(kept.keep()).isSameAs(kept);
        }
        assertThat(Scope.liveTensors()).isEqualTo(before + 1);
        assertThat(kept.toHost().sameBits(NUMBERS)).isTrue();
        kept.close();
        assertThat(kept.isFreed()).isTrue();
        assertThat(Scope.liveTensors()).isEqualTo(before);
        kept.close();
        assertThat(Scope.liveTensors()).isEqualTo(before);
    }

    @Test
    void closingATensorThatAScopeOwnsChangesNothing() {
        try (var scope = Scope.open()) {
            Tensor owned = tensor();
            owned.close();
            assertThat(owned.toHost().sameBits(NUMBERS)).isTrue();
        }
    }

    @Test
    void aTensorFromAnOuterScopeCanBeKeptInAnInnerOne() {
        Tensor kept;
        try (var outer = Scope.open()) {
            kept = tensor();
            try (var inner = Scope.open()) {
                kept.keep();
            }
        }
        assertThat(kept.toHost().sameBits(NUMBERS)).isTrue();
        kept.close();
    }

    @Test
    void aTensorOfAClosedScopeCannotBeKept() {
        Tensor gone;
        try (var scope = Scope.open()) {
            gone = tensor();
        }
        assertThatThrownBy(gone::keep)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not belong to this scope");
    }

    @Test
    void aTensorOutsideOfAnyScopeIsRefused() {
        String message = "a tensor was made outside of any scope and nobody would free it; open one round this code:"
                + " try (var scope = Scope.open()) { ... }";
        assertThatThrownBy(ScopeTest::tensor)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    @Test
    @SuppressWarnings("resource")
    void scopesCloseInReverseOrder() {
        Scope outer = Scope.open();
        Scope inner = Scope.open();
        assertThatThrownBy(outer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reverse order");
        inner.close();
        outer.close();
        outer.close();
        assertThatThrownBy(ScopeTest::tensor).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aScopeBelongsToItsThread() {
        try (var scope = Scope.open()) {
            List<Throwable> thrown = CompletableFuture.supplyAsync(
                            () -> List.of(thrownBy(scope::close), thrownBy(ScopeTest::tensor)))
                    .join();
            assertThat(thrown).allSatisfy(error -> assertThat(error).isInstanceOf(IllegalStateException.class));
            assertThat(tensor().toHost().sameBits(NUMBERS)).isTrue();
        }
    }

    @Test
    void aFreedTensorSaysSoWhateverItIsAskedFor() {
        Tensor gone;
        Tensor kept;
        try (var scope = Scope.open()) {
            gone = tensor();
            kept = tensor().keep();
        }
        kept.close();
        for (Tensor freed : List.of(gone, kept)) {
            String message =
                    freed == gone ? "its scope is closed; keep() what must outlive it" : "the tensor is closed";
            for (Runnable use : List.<Runnable>of(
                    freed::shape,
                    freed::toHost,
                    freed::item,
                    freed::copy,
                    freed::detach,
                    freed::version,
                    freed::backward,
                    freed::gradient,
                    freed::requireGradient,
                    () -> freed.to(Device.CPU),
                    () -> freed.assign(NUMBERS),
                    () -> freed.swap(freed),
                    () -> freed.moveTowards(freed, 0.5),
                    () -> new TorchOps().relu(freed))) {
                try (var scope = Scope.open()) {
                    assertThat(thrownBy(use)).hasMessageContaining(message);
                }
            }
        }
    }

    @Test
    void anotherThreadMayUseOnlyWhatIsKept() {
        try (var scope = Scope.open()) {
            Tensor owned = tensor();
            Tensor kept = tensor().keep();
            List<Throwable> thrown = CompletableFuture.supplyAsync(() -> {
                        try (var theirs = Scope.open()) {
                            assertThat(kept.toHost().sameBits(NUMBERS)).isTrue();
                            return List.of(thrownBy(owned::toHost), thrownBy(owned::keep));
                        }
                    })
                    .join();
            assertThat(thrown).allSatisfy(error -> assertThat(error)
                    .hasMessageContaining("belongs to a scope of another thread"));
            kept.close();
        }
    }

    @Test
    void whetherGradientsAreRecordedIsPutBackOnceAndOnItsThread() {
        Gradients off = Gradients.off();
        Gradients inner = Gradients.on();
        assertThat(CompletableFuture.supplyAsync(() -> thrownBy(off::close)).join())
                .hasMessageContaining("closed on the thread that opened it");
        inner.close();
        off.close();
        inner.close();
        try (var scope = Scope.open()) {
            Tensor weight = tensor().requireGradient();
            weight.copy();
            Tensor recorded = new TorchOps().relu(weight);
            assertThat(recorded.pointer().requires_grad()).isTrue();
        }
    }

    private static Throwable thrownBy(Runnable code) {
        try {
            code.run();
            return new AssertionError("nothing was thrown");
        } catch (IllegalStateException e) {
            return e;
        }
    }
}
