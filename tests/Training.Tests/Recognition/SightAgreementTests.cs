using Training.Recognition;

namespace Training.Tests.Recognition;

public class SightAgreementTests
{
    [Fact]
    public void Yeses_are_counted_above_the_threshold()
    {
        SightAgreement agreement = SightAgreement.At(0.6, [(true, 0.9), (false, 0.7), (true, 0.6), (true, 0.2), (false, 0.1)]);

        Assert.Equal(new SightAgreement(Yes: 2, RightYes: 1, Shown: 3), agreement);
        Assert.Equal((0.5, 1 / 3.0), (agreement.RightShare, agreement.FoundShare));
    }

    [Fact]
    public void The_threshold_is_the_lowest_at_which_no_group_has_more_yeses_than_observers()
    {
        (bool, double)[] easy = [(true, 0.9), (false, 0.3)], hard = [(true, 0.99), (false, 0.805), (false, 0.7)];

        Assert.Equal(0.5, SightAgreement.Threshold([easy]));
        Assert.Equal(0.81, SightAgreement.Threshold([hard, easy]));
        Assert.Equal(0.99, SightAgreement.Threshold([[(false, 0.999)]]));
    }

    [Fact]
    public void A_yes_that_is_wrong_stands_for_one_that_is_missed()
        => Assert.Equal(0.6, SightAgreement.Threshold([[(true, 0.9), (false, 0.8), (true, 0.6)]]));
}
