using System.Globalization;
using NetLab.Core.Dns;

namespace NetLab.Tui.Commands;

/// <summary>Prints a walk from the root, each step as soon as it is known what came of it, then what was found.</summary>
/// <param name="walk">The walk.</param>
/// <param name="form">How.</param>
/// <param name="output">Where.</param>
internal sealed class DnsTracePrinter(DnsWalk walk, DnsForm form, TextWriter output)
{
    private const int ZoneColumns = 28, ServerColumns = 40;
    private int _printed;

    /// <summary>Prints the steps that are done.</summary>
    public void Advance()
    {
        var steps = walk.Steps;
        for (; _printed < steps.Length && steps[_printed].Outcome != DnsWalkOutcome.Waiting; _printed++)
            Print(steps[_printed]);
        output.Flush();
    }

    /// <summary>Prints the end; the walk is over.</summary>
    public void End()
    {
        Advance();
        int questions = walk.Steps.Count(step => step.Outcome != DnsWalkOutcome.Turn);
        double seconds = (walk.Ended!.Value - walk.Begun).Seconds;
        if (form == DnsForm.Json)
        {
            output.WriteLine(JsonLine.Write(writer =>
            {
                writer.WriteString("kind", "dns-walk");
                writer.WriteString("name", walk.Question.Name.ToString());
                writer.WriteString("type", DnsType.ToText(walk.Question.Type));
                writer.WriteString("outcome", Word(walk.Outcome));
                writer.WriteString("says", walk.Verdict);
                writer.WriteNumber("questions", questions);
                writer.WriteNumber("duration", seconds);
                DnsAnswerPrinter.Records(writer, "answer", walk.Answers);
            }));
            return;
        }

        if (form == DnsForm.Short)
        {
            foreach (var record in walk.Answers)
                output.WriteLine(record.Data.ToString());
            return;
        }

        if (walk.Answers.Count > 0)
            output.WriteLine();
        foreach (var record in walk.Answers)
            output.WriteLine(DnsDigText.Write(record));
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $";; {walk.Verdict}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $";; {questions} question{(questions == 1 ? "" : "s")}, {seconds * 1000:0.###} msec"));
        output.WriteLine();
    }

    private void Print(DnsWalkStep step)
    {
        if (form == DnsForm.Short)
            return;
        if (form == DnsForm.Json)
        {
            output.WriteLine(Json(step));
            return;
        }

        string indent = new(' ', 2 * step.Level);
        if (step.Outcome == DnsWalkOutcome.Turn)
        {
            output.WriteLine($"{indent}{step.Says}");
            return;
        }

        string zone = $"{indent}{step.Zone}".PadRight(ZoneColumns), server = $"{step.Address.Address}#{step.Address.Port} ({step.Server})".PadRight(ServerColumns);
        // What the server was asked only where it is not what is looked for.
        string asked = step.Question.Name.Equals(walk.Question.Name) && step.Question.Type == walk.Question.Type ? "" : $"{step.Question.Name} {DnsType.ToText(step.Question.Type)}: ";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{zone} {server} {step.Took.Seconds * 1000,9:0.000} ms  {asked}{step.Says}"));
        if (form == DnsForm.Anatomy && !step.Query.IsEmpty)
            DnsAnswerPrinter.Anatomy(step.Query.Span, step.Answer.Span, output);
    }

    private static string Json(DnsWalkStep step) => JsonLine.Write(writer =>
    {
        writer.WriteString("kind", "dns-step");
        writer.WriteNumber("level", step.Level);
        writer.WriteString("outcome", Word(step.Outcome));
        writer.WriteString("says", step.Says);
        writer.WriteString("name", step.Question.Name.ToString());
        writer.WriteString("type", DnsType.ToText(step.Question.Type));
        if (step.Outcome == DnsWalkOutcome.Turn)
            return;
        writer.WriteString("zone", step.Zone.ToString());
        writer.WriteString("server", step.Server.ToString());
        writer.WriteString("address", step.Address.ToString());
        writer.WriteString("transport", step.Carrier == DnsCarrier.Stream ? "tcp" : "udp");
        writer.WriteNumber("duration", step.Took.Seconds);
        writer.WriteNumber("size", step.Answer.Length);
    });

    private static string Word(DnsWalkOutcome outcome) => outcome switch
    {
        DnsWalkOutcome.Turn => "turn",
        DnsWalkOutcome.Waiting => "waiting",
        DnsWalkOutcome.Referred => "referral",
        DnsWalkOutcome.Answered => "answer",
        DnsWalkOutcome.Alias => "alias",
        DnsWalkOutcome.NoData => "nodata",
        DnsWalkOutcome.NoSuchName => "nxdomain",
        DnsWalkOutcome.Lame => "lame",
        _ => "failed",
    };
}
