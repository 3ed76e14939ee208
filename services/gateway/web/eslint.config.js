import tseslint from "typescript-eslint";

const MARKUP = "Names come from files of strangers: text only, never markup.";

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.ts", "src/api/metrics.ts"] },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/explicit-function-return-type": ["error", { allowExpressions: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      complexity: ["error", 12],
      eqeqeq: "error",
      "max-len": ["error", { code: 120, ignoreUrls: true, ignoreTemplateLiterals: true }],
      "max-lines": ["error", 250],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: MARKUP })),
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: MARKUP },
        { selector: "JSXAttribute[name.name='style'][value.type='Literal']", message: "The policy of the page forbids it." },
      ],
    },
  },
  { files: ["tests/**"], rules: { "max-lines-per-function": "off" } },
);
