using NetLab.Core.Peers;

namespace NetLab.Tests.Peers;

public class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-499", "Part", 0, 500)]
    [InlineData("bytes=500-", "Part", 500, 500)]
    [InlineData("bytes=-300", "Part", 700, 300)]
    [InlineData("bytes=-5000", "Part", 0, 1000)]
    [InlineData("bytes=999-5000", "Part", 999, 1)]
    [InlineData("BYTES=1-1", "Part", 1, 1)]
    [InlineData("bytes=1000-", "Unsatisfiable", 0, 0)]
    [InlineData("bytes=-0", "Unsatisfiable", 0, 0)]
    [InlineData("bytes=5-4", "Whole", 0, 1000)]
    [InlineData("bytes=0-1,5-6", "Whole", 0, 1000)]
    [InlineData("bytes=-", "Whole", 0, 1000)]
    [InlineData("bytes=+1-2", "Whole", 0, 1000)]
    [InlineData("bytes=99999999999999999999-", "Whole", 0, 1000)]
    [InlineData("lines=1-2", "Whole", 0, 1000)]
    public void A_range_is_read_as_RFC_9110_says(string header, string kind, long start, long length) =>
        Assert.Equal(new ByteRange(Enum.Parse<ByteRangeKind>(kind), start, length), ByteRange.Parse(header, 1000));
}
