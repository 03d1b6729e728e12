import dev.graft.heads.FeatureTable;
import dev.graft.heads.LinearLoss;
import dev.graft.heads.LinearSolver;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Engine;
import java.util.Locale;
import java.util.Random;

/** How long heads take that are solved on 10,000 features of 1,280 numbers and 100 classes. */
class HeadSpeed {
    private static final int EXAMPLES = 10_000;
    private static final int WIDTH = 1280;
    private static final int CLASSES = 100;

    public static void main(String[] arguments) {
        Engine engine = Engine.cpu(2);
        FeatureTable table = table();
        LinearSolver.logistic(1).on(engine).fit(table, 0.1);
        System.out.println("| head | regularisation given, s | chosen by cross-validation, s |\n| --- | ---: | ---: |");
        for (LinearLoss loss : LinearLoss.values()) {
            LinearSolver solver = new LinearSolver(loss, 1).on(engine);
            double given = seconds(() -> solver.fit(table, 1e-3));
            double chosen = seconds(() -> solver.fit(table));
            System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f |%n", loss, given, chosen);
        }
    }

    private static double seconds(Runnable fit) {
        long start = System.nanoTime();
        fit.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /** Classes around means that are not negative, as after a ReLU, with some features far noisier than others. */
    private static FeatureTable table() {
        Random random = new Random(1);
        double[] means = random.doubles((long) CLASSES * WIDTH, 0, 0.25).toArray();
        HostTensor features = HostTensor.allocate(Shape.of(EXAMPLES, WIDTH));
        int[] labels = new int[EXAMPLES];
        for (int row = 0; row < EXAMPLES; row++) {
            labels[row] = row % CLASSES;
            for (int i = 0; i < WIDTH; i++) {
                double noise = 1.5 * Math.exp(-i / 300.0) * random.nextGaussian();
                features.put(row * WIDTH + i, (float) Math.max(0, means[labels[row] * WIDTH + i] + noise));
            }
        }
        return new FeatureTable(features, labels, CLASSES);
    }
}
