package dev.graft;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as people write them: {@code 0.1}, {@code 3.2e-4}, {@code 0.015625}, {@code 20}. */
public final class Numbers {
    /** What somebody may have typed; what has more digits was computed. */
    private static final int TYPED_DIGITS = 6;

    private static final int COMPUTED_DIGITS = 2;
    /** From here down {@code 1e-4} is easier to read than its zeros. */
    private static final BigDecimal SMALL = new BigDecimal("0.001");

    private static final BigDecimal LARGE = new BigDecimal("1e7");

    private Numbers() {}

    /** A number of at most six digits as it is; one that has more was computed, and gets two significant ones. */
    public static String text(double number) {
        if (!Double.isFinite(number)) {
            return Double.toString(number);
        }
        BigDecimal exact = BigDecimal.valueOf(number).stripTrailingZeros();
        if (exact.precision() > TYPED_DIGITS && !isInteger(exact)) {
            exact = exact.round(new MathContext(COMPUTED_DIGITS, RoundingMode.HALF_EVEN))
                    .stripTrailingZeros();
        }
        if (exact.signum() == 0) {
            return "0";
        }
        BigDecimal size = exact.abs();
        return size.compareTo(SMALL) < 0 || size.compareTo(LARGE) >= 0 ? scientific(exact) : exact.toPlainString();
    }

    private static boolean isInteger(BigDecimal number) {
        return number.scale() <= 0 && number.abs().compareTo(LARGE) < 0;
    }

    /** {@code 3.2e-4} from 3.2E-4. */
    private static String scientific(BigDecimal number) {
        int exponent = number.precision() - number.scale() - 1;
        BigDecimal mantissa = number.scaleByPowerOfTen(-exponent).stripTrailingZeros();
        return mantissa.toPlainString() + "e" + exponent;
    }
}
