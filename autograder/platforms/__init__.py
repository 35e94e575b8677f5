"""What runs the grader on other people's machines: an autograder for Gradescope, repositories for GitHub."""
