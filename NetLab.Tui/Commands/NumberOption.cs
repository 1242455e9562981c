using System.CommandLine;

namespace NetLab.Tui.Commands;

/// <summary>Options that take a whole number within bounds.</summary>
internal static class NumberOption
{
    /// <summary>Refuses what is no number from <paramref name="least"/> to <paramref name="most"/>, in one sentence.</summary>
    public static Option<int> InRange(this Option<int> option, int least, int most)
    {
        // By its text: asking for the value of what is no number throws.
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out int number) && number >= least && number <= most))
                result.AddError($"{option.Name} takes a number from {least} to {most}, not {App.EventText.Printable(token.Value)}.");
        });
        return option;
    }
}
