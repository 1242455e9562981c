using System.Diagnostics;
using NetLab.Core.Dns;

namespace NetLab.Tests.Dns;

public class DnsFuzzTests(ITestOutputHelper output)
{
    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("NETLAB_FUZZ_SEED"), out int seed) ? seed : Environment.TickCount;

    [Fact]
    public void Mutated_messages_never_throw_and_what_decodes_can_be_written_again()
    {
        int seed = Seed;
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        int rounds = 0, whole = 0;
        for (; rounds < 300 || clock.Elapsed < TimeSpan.FromSeconds(1); rounds++)
        {
            byte[] octets = RecordSamples.Message(random).Encode();
            for (int change = random.Next(4); change > 0; change--)
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            try
            {
                if (!DnsMessage.TryDecode(octets, out var message, out var error))
                {
                    Assert.True(error.IsError && error.Offset <= octets.Length);
                    continue;
                }

                whole++;
                Assert.DoesNotContain(DnsDigText.Write(message), c => c is < ' ' and not ('\t' or '\n') or > '~');
                Assert.True(DnsMessage.TryDecode(message.Encode(), out _, out _));
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"NETLAB_FUZZ_SEED={seed}, round {rounds}, {Convert.ToHexString(octets)}: {failure}");
            }
        }

        output.WriteLine($"{rounds} messages, {whole} of them whole, seed {seed}");
        Assert.True(whole > 0 && whole < rounds);
    }

    [Fact]
    public void Mutated_text_is_read_or_refused_with_a_reason()
    {
        int seed = Seed;
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++)
        {
            var (type, data) = RecordSamples.All[random.Next(RecordSamples.All.Length)];
            char[] line = $"host.lab. 1h IN {type} {data}".ToCharArray();
            for (int change = random.Next(1, 5); change > 0; change--)
                line[random.Next(line.Length)] = random.Next(4) == 0 ? (char)random.Next(512) : " \\\"();.@$0-9aZ,=\n"[random.Next(17)];
            try
            {
                DnsRecord.Parse(new string(line));
            }
            catch (DnsTextException refused)
            {
                Assert.NotEmpty(refused.Message);
                Assert.DoesNotContain(refused.Message, char.IsControl);
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"NETLAB_FUZZ_SEED={seed}, round {round}, {new string(line)}: {failure}");
            }
        }
    }
}
