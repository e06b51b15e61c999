namespace Experiments.Tests.Import;

/// <summary>A release of the authors' shape, made up, with every trap that is in theirs.</summary>
internal static class SmallRelease
{
    public static string Make(string folder)
    {
        void Write(string file, string text)
        {
            string path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        // No suffix; no newline at the end.
        Write("human_annotations/classes_IsCorrect_df.csv", "prompt,0,4,24,seed\nA mug.,0,1,1,0\nA mug.,0,0,1,1\nA hut.,1,1,0,0");

        // An empty cell; a twin with another time stamp.
        const string Relation = "prompt,0,4,24,seed\nA mug in a hut.,0,1,1,0\nA mug in a hut.,0,,1,1\n";
        Write("human_annotations/positional_in_RelationCorrect_df_positional_in_17.5.csv", Relation);
        Write("human_annotations/positional_in_RelationCorrect_df_positional_in_18.25.csv", Relation);

        // One name is a prefix of the other.
        Write("human_annotations/syntax_head_IsFirstClass_sd_syntax_head_1.csv", "prompt,3,23,seed\nA mug is on it.,0,1,0\n");
        Write("human_annotations/syntax_head_first_IsFirstClass_sd_syntax_head_first_2.csv", "prompt,3,23,seed\nA mug of tea.,1,1,0\n");

        // GPT-4V: 10 and 10.0, seeds 0.0, blanks, junk, prose with a newline, a list, a repeated row
        // with other scores, a prompt with a blank.
        Write(
            "gpt_annotations/auto_prompts_positional_in_RelationCorrect_df.csv",
            "prompt,0,4,24,seed\nA mug in a hut.,0.0,5,10,0.0\nA mug in a hut. ,llf,Error, 7 ,1.0\nA mug in a hut.,10,10,10,0\n"
            + "A cup in a box.,\"I'm sorry,\nbut no\",\"7, 10, 0, 1, \",10.0,0\nA cup in a box.,11,-1,6.5,1\n");

        Write("gpt_annotations/auto_prompts_syntax_compound_IsCorrect_df.csv", "prompt,0,4,24,seed\nA mug.,0,1,1,0\n");
        Write("gpt_annotations/notes.csv", "nothing");
        Write("prompts/Prompts_familiar_animals - Sheet1.csv", "prompt,animal,class,avg_daily_views\nA photo of a Cat.,Cat,mammal,2000\n");
        Write("prompts/unfamiliar_animals - Sheet1.csv", "prompt,animal,class,avg_daily_views\nA photo of a Zorb.,Zorb,bird,12");
        Write("prompts/famous - Sheet1.csv", "prompt\nA. Person\n");
        Write("inputs/prompts.txt", "A mug.\n");
        return folder;
    }
}
