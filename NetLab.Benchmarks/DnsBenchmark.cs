using System.Diagnostics;
using NetLab.Core.Dns;

namespace NetLab.Benchmarks;

/// <summary>How many typical answers a second one core reads and writes, and with how much garbage.</summary>
internal static class DnsBenchmark
{
    private const int Rounds = 3_000_000;

    public static void Report(TextWriter output)
    {
        string[] answers =
        [
            "www.example.org. 300 IN CNAME web.example.org.", "web.example.org. 60 IN A 192.0.2.1", "web.example.org. 60 IN A 192.0.2.2",
        ];
        var message = new DnsMessage(1, DnsFlags.Response | DnsFlags.RecursionDesired | DnsFlags.RecursionAvailable)
        {
            Questions = [new(DnsName.Parse("www.example.org."), DnsType.A)],
            Answers = [.. answers.Select(line => DnsRecord.Parse(line))],
            Edns = new DnsEdns(),
        };
        byte[] octets = message.Encode();
        var writer = new DnsMessageWriter(DnsEdns.DefaultBufferSize);
        output.WriteLine($"an answer of {octets.Length} octets: a question, {message.Answers.Length} records, EDNS");
        Measure(output, "read in place", Rounds, () => View(octets));
        Measure(output, "read into records", Rounds / 10, () => DnsMessage.TryDecode(octets, out var read, out _) ? read.Answers.Length : 0);
        Measure(output, "written", Rounds / 3, () =>
        {
            writer.Begin(message.Id, message.Flags, message.Edns);
            writer.TryWrite(message.Questions[0]);
            writer.TryWrite(DnsSection.Answer, message.Answers);
            return writer.Finish().Length;
        });
    }

    // Everything but copies: each name walked and checked, each record's fields, the names in its data.
    private static int View(byte[] octets)
    {
        var reader = new DnsMessageReader(octets);
        int sum = 0;
        while (reader.TryReadQuestion(out var question))
            sum += question.Name.Length + question.Type;
        while (reader.TryReadRecord(out var record))
        {
            sum += record.Name.Length + (int)record.TimeToLive;
            if (record.Type == DnsType.Cname && reader.TryReadName(record, 0, out var name, out _))
                sum += name.Length;
        }

        return sum;
    }

    private static void Measure(TextWriter output, string what, int rounds, Func<int> once)
    {
        int sum = 0;
        for (int round = 0; round < rounds / 10; round++)
            sum += once();
        long garbage = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        for (int round = 0; round < rounds; round++)
            sum += once();
        var took = clock.Elapsed;
        garbage = GC.GetAllocatedBytesForCurrentThread() - garbage;
        output.WriteLine($"{what,-18} {rounds / took.TotalSeconds / 1e6,6:0.00} million a second, {(double)garbage / rounds:0.#} octets of garbage each{(sum == 0 ? " (nothing read)" : "")}");
    }
}
